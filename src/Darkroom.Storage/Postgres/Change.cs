using Darkroom.Engine.Jobs;
using Darkroom.Storage.Live;
using Npgsql;

namespace Darkroom.Storage.Postgres;

/// <summary>A transaction under way: what it locked, and what it will have changed when it is committed.</summary>
/// <param name="connection">With the transaction.</param>
/// <param name="now">What a test says the time is; null: what the database says.</param>
/// <param name="isRepeat">Whether an earlier try may have been committed, and only its answer was lost.</param>
internal sealed class Change(NpgsqlConnection connection, DateTimeOffset? now, bool isRepeat)
{
    /// <summary>The time, in a statement of <see cref="LockAsync"/>.</summary>
    public const string Clock = "{clock}";

    private readonly List<NpgsqlBatchCommand> writes = [];

    public NpgsqlConnection Connection => connection;

    public bool IsRepeat => isRepeat;

    /// <summary>The database's time, as of the last <see cref="LockAsync"/>.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>Jobs before and after; null after: removed.</summary>
    public List<(JobRecord? Before, JobRecord? After)> Records { get; } = [];

    /// <summary>Reads jobs and keeps others from changing them until the end of the transaction.</summary>
    /// <param name="rest">What follows FROM job; <see cref="Clock"/> is the time.</param>
    public async Task<List<JobRecord>> LockAsync(string rest, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        // The time is asked with the rows: after a wait for a lock, and in one round.
        await using var batch = new NpgsqlBatch(connection);
        string text = $"SELECT {JobTable.Columns} FROM job {rest}";
        bool asksTime = text.Contains(Clock, StringComparison.Ordinal);
        batch.BatchCommands.Add(Command(
            text.Replace(Clock, $"coalesce(${parameters.Length + 1}, clock_timestamp())", StringComparison.Ordinal),
            asksTime ? [.. parameters, JobTable.Of(now)] : parameters));
        batch.BatchCommands.Add(Command("SELECT coalesce($1, clock_timestamp())", JobTable.Of(now)));
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        var records = await JobTable.ReadAllAsync(rows, cancellation);
        await rows.NextResultAsync(cancellation);
        await rows.ReadAsync(cancellation);
        Now = new DateTimeOffset(rows.GetDateTime(0), TimeSpan.Zero);
        return records;
    }

    /// <summary>Whether an end is to be told outside.</summary>
    public bool WroteDelivery { get; private set; }

    public void Add(JobRecord record)
    {
        writes.Add(JobTable.Insert(record));
        Records.Add((null, record));
    }

    public void Replace(JobRecord before, JobRecord after)
    {
        writes.Add(JobTable.Update(after));
        if (after.Job.IsFinished && !before.Job.IsFinished && OutboxTable.Insert(after.Job) is { } entry)
        {
            writes.Add(entry);
            WroteDelivery = true;
        }
        if (UsageEntry.Of(before.Job, after.Job) is { } usage) writes.Add(UsageTable.Insert(usage));
        Records.Add((before, after));
    }

    /// <summary>A job was removed by a statement of its own.</summary>
    public void Removed(JobRecord record) => Records.Add((record, null));

    /// <summary>Another statement, to be written with the rest.</summary>
    public void Write(string sql, params NpgsqlParameter[] parameters) => writes.Add(Command(sql, parameters));

    /// <summary>Sends what is to be written, in one round.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        if (writes.Count == 0) return;
        await using var batch = new NpgsqlBatch(connection);
        foreach (var write in writes) batch.BatchCommands.Add(write);
        writes.Clear();
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    internal static NpgsqlBatchCommand Command(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }
}
