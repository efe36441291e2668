using System.Text.Json;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Rows;
using Npgsql;

namespace Darkroom.Storage.Postgres;

/// <summary>Entries of the outbox as rows. Each is written in the transaction of the end that it tells, and taken by one process at a time.</summary>
internal sealed class OutboxTable(Database database)
{
    private const string Clock = "coalesce($1, clock_timestamp())";

    /// <summary>What an end makes due, to be written with it; null: nothing.</summary>
    public static NpgsqlBatchCommand? Insert(Job ended) => WebhookDelivery.Of(ended) is not { } delivery ? null : Change.Command(
        "INSERT INTO outbox (id, url, origin, job, tries, attempt, due_at) VALUES ($1, $2, $3, $4, 0, 0, $5)", JobTable.Of(delivery.Id),
        JobTable.Of(delivery.Url), JobTable.Of(delivery.Origin), JobTable.Of(JsonSerializer.Serialize(delivery.Job, StoredJson.Default.EndedJob)),
        JobTable.Of(ended.FinishedAt));

    public Task<WebhookDelivery?> TakeAsync(IReadOnlyCollection<string> without, TimeSpan lease, CancellationToken cancellation) =>
        database.ReadAsync(async (connection, token) =>
        {
            await using var command = new NpgsqlCommand(
                $"UPDATE outbox SET attempt = attempt + 1, leased_until = {Clock} + $2 WHERE id = (SELECT id FROM outbox WHERE due_at <= {Clock} " +
                $"AND (leased_until IS NULL OR leased_until <= {Clock}) AND origin <> ALL($3) ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) " +
                "RETURNING id, url, origin, job, tries, attempt", connection)
            {
                Parameters = { JobTable.Of(database.Now), JobTable.Of(lease), JobTable.Of([.. without]) },
            };
            await using var rows = await command.ExecuteReaderAsync(token);
            return await rows.ReadAsync(token) ? Read(rows) : null;
        }, cancellation);

    public async Task<bool> RemoveAsync(WebhookDelivery taken) => await ExecuteAsync(
        "DELETE FROM outbox WHERE id = $1 AND attempt = $2", JobTable.Of(taken.Id), JobTable.Of(taken.Attempt));

    public async Task<bool> RetryAsync(WebhookDelivery taken, TimeSpan after, bool failed) => await ExecuteAsync(
        $"UPDATE outbox SET tries = tries + $2, due_at = {Clock} + $3, leased_until = NULL, attempt = attempt + 1 WHERE id = $4 AND attempt = $5",
        JobTable.Of(database.Now), JobTable.Of(failed ? 1 : 0), JobTable.Of(after), JobTable.Of(taken.Id), JobTable.Of(taken.Attempt));

    private static WebhookDelivery Read(NpgsqlDataReader row)
    {
        try
        {
            return new WebhookDelivery
            {
                Id = row.GetString(0),
                Url = row.GetString(1),
                Origin = row.GetString(2),
                Job = JsonSerializer.Deserialize(row.GetString(3), StoredJson.Default.EndedJob)!,
                Tries = row.GetInt32(4),
                Attempt = row.GetInt32(5),
            };
        }
        catch (JsonException e)
        {
            throw Faults.Damaged($"the outbox's row {row.GetString(0)} cannot be read", e);
        }
    }

    private Task<bool> ExecuteAsync(string sql, params NpgsqlParameter[] parameters) => database.ReadAsync(async (connection, token) =>
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters) command.Parameters.Add(parameter.Clone());
        return await command.ExecuteNonQueryAsync(token) > 0;
    }, CancellationToken.None);
}
