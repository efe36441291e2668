using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Rows;
using Npgsql;
using NpgsqlTypes;

namespace Darkroom.Storage.Postgres;

/// <summary>
/// Days of accounts as rows. An end of a job appends an entry in its own transaction: to add to the day's row would have every end of an account wait for the
/// one before, on whatever node. A sweep adds the entries up; who reads adds what it has not seen.
/// </summary>
internal sealed class UsageTable(Database database) : IUsageBook
{
    private const string Sums =
        "sum(succeeded)::bigint, sum(failed)::bigint, sum(cancelled)::bigint, sum(expired)::bigint, sum(pictures)::bigint, sum(megapixel_steps), " +
        "sum(device_seconds), sum(processor_seconds), sum(joules)";

    /// <summary>What an entry writes, with the change that it belongs to.</summary>
    public static NpgsqlBatchCommand Insert(UsageEntry entry)
    {
        var counts = entry.Counts;
        return Change.Command(
            "INSERT INTO usage_entry VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", Of(entry.Day), JobTable.Of(entry.Account),
            JobTable.Of(counts.Succeeded), JobTable.Of(counts.Failed), JobTable.Of(counts.Cancelled), JobTable.Of(counts.Expired),
            JobTable.Of(counts.Pictures), Of(counts.MegapixelSteps), Of(counts.DeviceSeconds), Of(counts.ProcessorSeconds), Of(counts.Joules));
    }

    public async ValueTask<IReadOnlyList<UsageEntry>> UsageAsync(UsageQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        return await database.ReadAsync(async (connection, token) =>
        {
            await using var command = new NpgsqlCommand(
                $"SELECT day, account, {Sums} FROM (SELECT * FROM usage_day UNION ALL SELECT * FROM usage_entry) AS counted " +
                "WHERE day BETWEEN $1 AND $2 AND ($3::text IS NULL OR account = $3) GROUP BY day, account ORDER BY day, account", connection)
            {
                Parameters = { Of(query.From), Of(query.To), JobTable.Of(query.Account) },
            };
            await using var rows = await command.ExecuteReaderAsync(token);
            var entries = new List<UsageEntry>();
            while (await rows.ReadAsync(token)) entries.Add(Read(rows));
            return entries;
        }, cancellation);
    }

    /// <summary>One process at a time: two that add up would wait for each other's rows.</summary>
    public async ValueTask SweepUsageAsync(DateOnly before, CancellationToken cancellation) => await database.ChangeAsync((change, _) =>
    {
        change.Write($"SELECT pg_advisory_xact_lock({Locks.Usage})");
        change.Write(
            $"WITH counted AS (DELETE FROM usage_entry RETURNING *) INSERT INTO usage_day SELECT day, account, {Sums} FROM counted GROUP BY day, account " +
            UsageRow.AddUp);
        change.Write("DELETE FROM usage_day WHERE day < $1", Of(before));
        return Task.FromResult(true);
    });

    private static UsageEntry Read(NpgsqlDataReader row) => new(row.GetFieldValue<DateOnly>(0), row.GetString(1), new UsageCounts
    {
        Succeeded = row.GetInt64(2),
        Failed = row.GetInt64(3),
        Cancelled = row.GetInt64(4),
        Expired = row.GetInt64(5),
        Pictures = row.GetInt64(6),
        MegapixelSteps = row.GetDouble(7),
        DeviceSeconds = row.GetDouble(8),
        ProcessorSeconds = row.GetDouble(9),
        Joules = row.IsDBNull(10) ? null : row.GetDouble(10),
    });

    private static NpgsqlParameter Of(DateOnly day) => new NpgsqlParameter<DateOnly> { TypedValue = day, NpgsqlDbType = NpgsqlDbType.Date };

    private static NpgsqlParameter Of(double? number) => new() { Value = (object?)number ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Double };
}
