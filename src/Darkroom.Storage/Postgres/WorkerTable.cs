using Darkroom.Engine.Workers;
using Npgsql;

namespace Darkroom.Storage.Postgres;

/// <summary>The workers' cards, in the database of their jobs. One that cannot be read is another version's, and is passed over.</summary>
internal sealed class WorkerTable(Database database) : IWorkerBoard
{
    private const string Alive = "seen_until > coalesce($1, clock_timestamp())";

    private readonly Dictionary<string, (string Text, WorkerCard Card)> known = []; // what was read before is not read again
    private readonly SemaphoreSlim reading = new(1);

    public ValueTask PublishAsync(WorkerCard card, TimeSpan lease, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(card);
        return ExecuteAsync(
            "INSERT INTO worker (id, seen_until, card) VALUES ($3, coalesce($1, clock_timestamp()) + $2, $4) " +
            "ON CONFLICT (id) DO UPDATE SET seen_until = excluded.seen_until, card = excluded.card",
            cancellation, JobTable.Of(database.Now), JobTable.Of(lease), JobTable.Of(card.Id), JobTable.Of(WorkerJson.Write(card)));
    }

    public async ValueTask<bool> ProlongAsync(string id, TimeSpan lease, CancellationToken cancellation) => await RunAsync(
        "UPDATE worker SET seen_until = coalesce($1, clock_timestamp()) + $2 WHERE id = $3", cancellation,
        JobTable.Of(database.Now), JobTable.Of(lease), JobTable.Of(id)) > 0;

    public ValueTask RemoveAsync(string id, CancellationToken cancellation) =>
        ExecuteAsync($"DELETE FROM worker WHERE id = $2 OR NOT {Alive}", cancellation, JobTable.Of(database.Now), JobTable.Of(id));

    public async ValueTask<IReadOnlyList<WorkerCard>> LiveAsync(CancellationToken cancellation)
    {
        await reading.WaitAsync(cancellation);
        try
        {
            var rows = await database.ReadAsync(ReadAsync, cancellation);
            var cards = new List<WorkerCard>(rows.Count);
            foreach (var (id, text) in rows)
                if (CardOf(id, text) is { } card) cards.Add(card);
            foreach (string gone in known.Keys.Except(rows.Select(row => row.Id)).ToArray()) known.Remove(gone);
            return cards;
        }
        finally
        {
            reading.Release();
        }
    }

    private WorkerCard? CardOf(string id, string text)
    {
        if (known.TryGetValue(id, out var before) && before.Text == text) return before.Card;
        try
        {
            var card = WorkerJson.Read(text);
            known[id] = (text, card);
            return card;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private async Task<List<(string Id, string Text)>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"SELECT id, card FROM worker WHERE {Alive} ORDER BY id", connection);
        command.Parameters.Add(JobTable.Of(database.Now));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var found = new List<(string, string)>();
        while (await rows.ReadAsync(cancellation)) found.Add((rows.GetString(0), rows.GetString(1)));
        return found;
    }

    private async ValueTask ExecuteAsync(string sql, CancellationToken cancellation, params NpgsqlParameter[] parameters) =>
        await RunAsync(sql, cancellation, parameters);

    private Task<int> RunAsync(string sql, CancellationToken cancellation, params NpgsqlParameter[] parameters) =>
        database.ReadAsync(async (connection, token) =>
        {
            await using var command = new NpgsqlCommand(sql, connection);
            foreach (var parameter in parameters) command.Parameters.Add(parameter.Clone());
            return await command.ExecuteNonQueryAsync(token);
        }, cancellation);
}
