using System.Threading.Channels;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Live;
using Npgsql;

namespace Darkroom.Storage.Postgres;

/// <summary>
/// Admits jobs: all that came while one transaction was under way share the next. Processes take turns under a lock of the database, so that no limit is
/// passed and no key used twice.
/// </summary>
internal sealed class Admissions : IAsyncDisposable
{
    private const int MaxTogether = 256;

    private readonly Channel<Request> requests = Channel.CreateUnbounded<Request>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Database database;
    private readonly Action<Change> committed;
    private readonly Task running;

    /// <param name="database">Of the jobs.</param>
    /// <param name="committed">Told of each change when it is committed, before who asked for it.</param>
    public Admissions(Database database, Action<Change> committed)
    {
        (this.database, this.committed) = (database, committed);
        running = Task.Run(RunAsync);
    }

    public Task<AddOutcome> AddAsync(JobTransition admitted, AddTerms terms)
    {
        var request = new Request(admitted, terms);
        return requests.Writer.TryWrite(request) ? request.Task : Task.FromException<AddOutcome>(Closed());
    }

    /// <summary>Comes back when all that was asked for is answered.</summary>
    public async ValueTask DisposeAsync()
    {
        requests.Writer.TryComplete();
        await running;
    }

    private static StoreException Closed() => new("The job store is closed.", StoreFault.Unavailable);

    private async Task RunAsync()
    {
        var group = new List<Request>();
        while (await requests.Reader.WaitToReadAsync())
        {
            group.Clear();
            while (group.Count < MaxTogether && requests.Reader.TryRead(out var next)) group.Add(next);
            var reason = await TryAsync(group);
            if (reason is null) continue;
            foreach (var request in group) // one of them may be why
                if ((group.Count == 1 ? reason : await TryAsync([request])) is { } own) request.Refuse(own);
        }
    }

    /// <returns>Why nothing was changed; null: all is answered.</returns>
    private async Task<Exception?> TryAsync(List<Request> group)
    {
        try
        {
            var (outcomes, change) = await database.ChangeAsync((change, cancellation) => DecideAsync(change, group, cancellation));
            committed(change);
            for (int i = 0; i < group.Count; i++) group[i].TrySetResult(outcomes[i]);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private static async Task<List<AddOutcome>> DecideAsync(Change change, List<Request> group, CancellationToken cancellation)
    {
        var load = await LoadAsync(change, [.. group.Select(request => request.Caller).Distinct()], cancellation);
        var known = await change.LockAsync(
            "WHERE id = ANY($1) OR (caller, idem_key) IN (SELECT * FROM unnest($2, $3)) FOR UPDATE", cancellation,
            JobTable.Of([.. group.Select(request => request.Admitted.Job.Id)]),
            JobTable.Of([.. group.Where(request => request.Terms.Key is not null).Select(request => request.Caller)]),
            JobTable.Of([.. group.Where(request => request.Terms.Key is not null).Select(request => request.Terms.Key!.Value)]));
        var keys = known.Where(record => record.Key is not null).ToDictionary(record => (record.Job.Request.Caller, record.Key!.Value));
        var outcomes = new List<AddOutcome>(group.Count);
        foreach (var request in group)
            outcomes.Add(await DecideAsync(change, request, load, known, keys, cancellation));
        return outcomes;
    }

    private static async Task<AddOutcome> DecideAsync(
        Change change, Request request, QueueLoad load, List<JobRecord> known, Dictionary<(string, string), JobRecord> keys, CancellationToken cancellation)
    {
        var (job, terms) = (request.Admitted.Job, request.Terms);
        if (known.Exists(record => record.Job.Id == job.Id)) return new AddOutcome.Added(); // an earlier try was committed
        if (terms.Key is { } key && keys.TryGetValue((request.Caller, key.Value), out var first))
        {
            if (change.Now - first.Job.CreatedAt < AddTerms.KeyLifetime)
                return first.Key!.BodyHash == key.BodyHash ? new AddOutcome.Replayed(first.Job) : new AddOutcome.KeyReused();
            change.Replace(first, first with { Key = null });
            await change.FlushAsync(cancellation); // before the next one has the key
        }
        double cost = JobCost.MegapixelSteps(job.Request);
        if (Decisions.RefusalOf(load, request.Caller, cost, terms) is { } refusal) return refusal;
        var record = new JobRecord(job, request.Admitted.Events, 0) { Cost = cost, Key = terms.Key };
        change.Add(record);
        load.Change(null, record);
        if (terms.Key is { } used) keys[(request.Caller, used.Value)] = record;
        return new AddOutcome.Added();
    }

    /// <summary>What waits, of all callers and of those who ask, under the lock.</summary>
    private static async Task<QueueLoad> LoadAsync(Change change, string[] callers, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(change.Connection)
        {
            BatchCommands =
            {
                Change.Command($"SELECT pg_advisory_xact_lock({Locks.Admissions})"),
                Change.Command("SELECT count(*)::int, coalesce(sum(cost), 0) FROM job WHERE state = 'queued'"),
                Change.Command(
                    "SELECT caller, count(*)::int, sum(cost) FROM job WHERE state = 'queued' AND caller = ANY($1) GROUP BY caller", JobTable.Of(callers)),
            },
        };
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        await rows.NextResultAsync(cancellation);
        await rows.ReadAsync(cancellation);
        var all = new QueueLoad.Waiting(rows.GetInt32(0), rows.GetDouble(1));
        await rows.NextResultAsync(cancellation);
        var own = new Dictionary<string, QueueLoad.Waiting>();
        while (await rows.ReadAsync(cancellation)) own[rows.GetString(0)] = new(rows.GetInt32(1), rows.GetDouble(2));
        return new QueueLoad(all, own);
    }

    /// <summary>Someone who waits for the answer.</summary>
    private sealed class Request(JobTransition admitted, AddTerms terms)
        : TaskCompletionSource<AddOutcome>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public JobTransition Admitted => admitted;

        public AddTerms Terms => terms;

        public string Caller => admitted.Job.Request.Caller;

        public void Refuse(Exception reason)
        {
            if (reason is StoreException { Fault: StoreFault.Full }) TrySetResult(new AddOutcome.StorageFull());
            else TrySetException(reason);
        }
    }
}
