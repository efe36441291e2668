using System.Threading.Channels;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Live;

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
    private readonly Backlog backlog = new();
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

    private async Task<List<AddOutcome>> DecideAsync(Change change, List<Request> group, CancellationToken cancellation)
    {
        await backlog.BeginAsync(change, cancellation);
        // Ids first, then rows by their ids: one condition with OR would read the whole table.
        var known = await change.LockAsync(
            "WHERE id = ANY(ARRAY(SELECT unnest($1) UNION ALL SELECT used.id FROM unnest($2, $3) AS asked(caller, idem_key) " +
            "JOIN job AS used ON used.caller = asked.caller AND used.idem_key = asked.idem_key)) FOR UPDATE", cancellation,
            JobTable.Of([.. group.Select(request => request.Admitted.Job.Id)]),
            JobTable.Of([.. group.Where(request => request.Terms.Key is not null).Select(request => request.Caller)]),
            JobTable.Of([.. group.Where(request => request.Terms.Key is not null).Select(request => request.Terms.Key!.Value)]));
        var keys = known.Where(record => record.Key is not null).ToDictionary(record => (record.Job.Request.Caller, record.Key!.Value));
        var outcomes = new List<AddOutcome>(group.Count);
        foreach (var request in group)
            outcomes.Add(await DecideAsync(change, request, known, keys, cancellation));
        return outcomes;
    }

    private async Task<AddOutcome> DecideAsync(
        Change change, Request request, List<JobRecord> known, Dictionary<(string, string), JobRecord> keys, CancellationToken cancellation)
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
        if (await backlog.RefusalOfAsync(change, request.Caller, cost, terms, cancellation) is { } refusal) return refusal;
        var record = new JobRecord(job, request.Admitted.Events, 0) { Cost = cost, Key = terms.Key };
        change.Add(record);
        backlog.Add(record);
        if (terms.Key is { } used) keys[(request.Caller, used.Value)] = record;
        return new AddOutcome.Added();
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
