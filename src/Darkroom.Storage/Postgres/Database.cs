using Darkroom.Engine.Queue;
using Darkroom.Storage.Live;
using Npgsql;
using Polly;

namespace Darkroom.Storage.Postgres;

/// <summary>Reads and changes jobs; what fails for a passing reason is tried again. Every failure comes out as a <see cref="StoreException"/>.</summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly NpgsqlDataSource source;
    private readonly ResiliencePipeline retries;
    private readonly Func<DateTimeOffset>? now;
    private volatile string? trouble;

    public Database(NpgsqlDataSource source, ResiliencePipeline retries, Func<DateTimeOffset>? now) =>
        (this.source, this.retries, this.now) = (source, retries, now);

    /// <summary>Why the last operation failed; null: it did not.</summary>
    public string? Trouble => trouble;

    /// <summary>What a test says the time is; null: ask the database.</summary>
    public DateTimeOffset? Now => now?.Invoke();

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellation) => source.OpenConnectionAsync(cancellation);

    /// <summary>Reads, once more where that fails for a passing reason.</summary>
    public Task<T> ReadAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> read, CancellationToken cancellation) =>
        RunAsync(async (_, token) =>
        {
            await using var connection = await source.OpenConnectionAsync(token);
            return await read(connection, token);
        }, cancellation);

    /// <summary>Reads jobs.</summary>
    /// <param name="rest">What follows FROM job.</param>
    public Task<List<JobRecord>> ReadJobsAsync(string rest, CancellationToken cancellation, params NpgsqlParameter[] parameters) =>
        ReadAsync(async (connection, token) =>
        {
            await using var command = new NpgsqlCommand($"SELECT {JobTable.Columns} FROM job {rest}", connection);
            foreach (var parameter in parameters) command.Parameters.Add(parameter.Clone());
            await using var rows = await command.ExecuteReaderAsync(token);
            return await JobTable.ReadAllAsync(rows, token);
        }, cancellation);

    /// <summary>Decides and commits. Once it is under way a cancellation does not undo it: who asked for it could not know which it was.</summary>
    /// <param name="decide">Locks, decides, and writes to the change; called again where a try failed.</param>
    /// <param name="isDurable">Whether it is on the server's disk when this returns; a claim need not be, since it is only made again.</param>
    /// <returns>What was decided, and the change as it was committed.</returns>
    public Task<(T Outcome, Change Change)> ChangeAsync<T>(Func<Change, CancellationToken, Task<T>> decide, bool isDurable = true) =>
        RunAsync(async (isRepeat, token) =>
        {
            await using var connection = await source.OpenConnectionAsync(token);
            await using var transaction = await connection.BeginTransactionAsync(token);
            var change = new Change(connection, Now, isRepeat);
            if (!isDurable) change.Write("SET LOCAL synchronous_commit = off");
            var outcome = await decide(change, token);
            if (change.Records.Count > 0 || isDurable) await change.FlushAsync(token);
            await transaction.CommitAsync(token);
            return (outcome, change);
        }, CancellationToken.None);

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private async Task<T> RunAsync<T>(Func<bool, CancellationToken, Task<T>> run, CancellationToken cancellation)
    {
        bool isRepeat = false;
        try
        {
            var outcome = await retries.ExecuteAsync(async token =>
            {
                bool again = isRepeat;
                isRepeat = true;
                return await run(again, token);
            }, cancellation);
            trouble = null;
            return outcome;
        }
        catch (Exception e) when (e is not OperationCanceledException and not StoreException { Fault: StoreFault.Damaged })
        {
            var fault = Faults.Of(e);
            if (fault.Fault is StoreFault.Unavailable or StoreFault.Full) trouble = fault.Message;
            throw fault;
        }
    }
}
