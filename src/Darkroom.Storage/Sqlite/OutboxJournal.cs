using System.Text.Json;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Live;
using Darkroom.Storage.Rows;
using Microsoft.Data.Sqlite;

namespace Darkroom.Storage.Sqlite;

/// <summary>Entries of the outbox as rows, written in the transaction of the draft that they belong to.</summary>
internal sealed class OutboxJournal(SqliteConnection connection) : IDisposable
{
    private readonly SqliteCommand write = connection.Statement(
        "INSERT INTO outbox VALUES ($id, $url, $job, $tries, $due_at) ON CONFLICT (id) DO UPDATE SET tries = $tries, due_at = $due_at",
        "$id", "$url", "$job", "$tries", "$due_at");

    private readonly SqliteCommand remove = connection.Statement("DELETE FROM outbox WHERE id = $id", "$id");

    /// <exception cref="Engine.Queue.StoreException">A row cannot be understood.</exception>
    public static IReadOnlyList<OutboxRecord> Read(SqliteConnection connection)
    {
        using var command = connection.Statement("SELECT id, url, job, tries, due_at FROM outbox");
        using var rows = command.ExecuteReader();
        var records = new List<OutboxRecord>();
        while (rows.Read()) records.Add(Read(rows));
        return records;
    }

    public void Write(IReadOnlyDictionary<string, OutboxRecord?> changes)
    {
        foreach (var (id, next) in changes)
            if (next is null) Remove(id);
            else Write(next);
    }

    public void Dispose()
    {
        write.Dispose();
        remove.Dispose();
    }

    private static OutboxRecord Read(SqliteDataReader row)
    {
        string id = row.GetString(0);
        try
        {
            string url = row.GetString(1);
            var delivery = new WebhookDelivery
            {
                Id = id,
                Url = url,
                Origin = WebhookDelivery.OriginOf(url),
                Job = JsonSerializer.Deserialize(row.GetString(2), StoredJson.Default.EndedJob)!,
                Tries = row.GetInt32(3),
            };
            return new(delivery, JobRow.MomentOf(row.GetInt64(4)));
        }
        catch (Exception e) when (e is JsonException or UriFormatException or InvalidCastException or InvalidOperationException)
        {
            throw Faults.Damaged($"the outbox's row {id} cannot be read: {e.GetType().Name}", e);
        }
    }

    private void Write(OutboxRecord record)
    {
        var (delivery, dueAt) = record;
        var values = write.Parameters;
        values["$id"].Value = delivery.Id;
        values["$url"].Value = delivery.Url;
        values["$job"].Value = JsonSerializer.Serialize(delivery.Job, StoredJson.Default.EndedJob);
        values["$tries"].Value = delivery.Tries;
        values["$due_at"].Value = JobRow.Moment(dueAt);
        write.ExecuteNonQuery();
    }

    private void Remove(string id)
    {
        remove.Parameters[0].Value = id;
        remove.ExecuteNonQuery();
    }
}
