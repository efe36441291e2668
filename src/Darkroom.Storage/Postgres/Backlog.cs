using Darkroom.Engine.Queue;
using Darkroom.Storage.Live;
using Npgsql;

namespace Darkroom.Storage.Postgres;

/// <summary>
/// What waits, as far as limits go, under the lock of admissions. To count a long queue takes longer than all else of an admission: what was counted once and
/// all that was admitted since is an upper bound, and only what does not fit below it makes this process count again.
/// </summary>
internal sealed class Backlog
{
    /// <summary>Jobs admitted since the last count at which it is time for another: adding them up is no faster then.</summary>
    private const int MaxSince = 2000;

    private QueueLoad load = new();
    private Dictionary<string, QueueLoad.Waiting>? counted; // jobs that wait or run: those may wait again; null: never counted
    private long countedTo; // the last of them
    private bool isExact;

    /// <summary>Takes the lock, and says what waits at most.</summary>
    public async Task BeginAsync(Change change, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(change.Connection)
        {
            BatchCommands =
            {
                Change.Command($"SELECT pg_advisory_xact_lock({Locks.Admissions})"),
                Change.Command("SELECT caller, false, count(*)::int, sum(cost) FROM job WHERE seq > $1 GROUP BY caller",
                    JobTable.Of(counted is null ? long.MaxValue : countedTo)),
            },
        };
        List<(string Caller, bool Waits, QueueLoad.Waiting Load)> since;
        await using (var rows = await batch.ExecuteReaderAsync(cancellation))
        {
            await rows.NextResultAsync(cancellation);
            since = await ReadAsync(rows, cancellation);
        }
        if (counted is null || since.Sum(one => one.Load.Jobs) > MaxSince)
        {
            await CountAsync(change, cancellation);
            return;
        }
        isExact = false;
        var all = new Dictionary<string, QueueLoad.Waiting>(counted);
        foreach (var (caller, _, own) in since) all[caller] = all.GetValueOrDefault(caller).Plus(own.Jobs, own.Cost);
        load = Of(all);
    }

    /// <summary>Why a job is not admitted; null: it is.</summary>
    public async Task<AddOutcome?> RefusalOfAsync(Change change, string caller, double cost, AddTerms terms, CancellationToken cancellation)
    {
        if (Decisions.RefusalOf(load, caller, cost, terms) is not { } refusal || isExact) return Decisions.RefusalOf(load, caller, cost, terms);
        await change.FlushAsync(cancellation); // those of the same group count
        await CountAsync(change, cancellation);
        return Decisions.RefusalOf(load, caller, cost, terms);
    }

    /// <summary>A job is admitted.</summary>
    public void Add(JobRecord record) => load.Change(null, record);

    private async Task CountAsync(Change change, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(change.Connection)
        {
            BatchCommands =
            {
                Change.Command("SELECT coalesce(max(seq), 0) FROM job"),
                Change.Command("SELECT caller, true, count(*)::int, sum(cost) FROM job WHERE state = 'queued' GROUP BY caller UNION ALL " +
                    "SELECT caller, false, count(*)::int, sum(cost) FROM job WHERE state = 'running' GROUP BY caller"),
            },
        };
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        await rows.ReadAsync(cancellation);
        countedTo = rows.GetInt64(0);
        await rows.NextResultAsync(cancellation);
        counted = [];
        var waiting = new Dictionary<string, QueueLoad.Waiting>();
        foreach (var (caller, waits, own) in await ReadAsync(rows, cancellation))
        {
            counted[caller] = counted.GetValueOrDefault(caller).Plus(own.Jobs, own.Cost);
            if (waits) waiting[caller] = own;
        }
        (load, isExact) = (Of(waiting), true);
    }

    private static QueueLoad Of(Dictionary<string, QueueLoad.Waiting> callers) =>
        new(callers.Values.Aggregate(default(QueueLoad.Waiting), (sum, own) => sum.Plus(own.Jobs, own.Cost)), callers);

    private static async Task<List<(string Caller, bool Waits, QueueLoad.Waiting Load)>> ReadAsync(NpgsqlDataReader rows, CancellationToken cancellation)
    {
        var loads = new List<(string, bool, QueueLoad.Waiting)>();
        while (await rows.ReadAsync(cancellation)) loads.Add((rows.GetString(0), rows.GetBoolean(1), new(rows.GetInt32(2), rows.GetDouble(3))));
        return loads;
    }
}
