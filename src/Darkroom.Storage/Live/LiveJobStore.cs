using System.Runtime.CompilerServices;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Live;

/// <summary>
/// A store of one process: its live jobs are in memory and answer every question, and what changes them is decided one after another. How a decision becomes
/// lasting before it is published is the subclass's matter, and all that it does.
/// </summary>
public abstract class LiveJobStore : IJobStore, IWebhookOutbox, IUsageBook
{
    private readonly LiveJobs live;
    private readonly IJobArchive? archive;
    private readonly TimeProvider time;

    private protected LiveJobStore(LiveJobs live, IJobArchive? archive, TimeProvider time) => (this.live, this.archive, this.time) = (live, archive, time);

    public event Action<Job>? Finished;

    public event Action? DeliveryWritten;

    public bool IsPaused
    {
        get
        {
            lock (live.Gate) return live.IsPaused;
        }
    }

    /// <summary>Where jobs outlive the process, one process at a time may use the store, and what another one held is lost with it.</summary>
    public abstract bool OutlivesProcess { get; }

    public async ValueTask<AddOutcome> AddAsync(JobTransition admitted, AddTerms terms, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(admitted);
        ArgumentNullException.ThrowIfNull(terms);
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return await DecideAsync(draft => Decisions.Add(draft, admitted, terms, time.GetUtcNow()));
        }
        catch (StoreException e) when (e.Fault == StoreFault.Full)
        {
            return new AddOutcome.StorageFull();
        }
    }

    public ValueTask<IReadOnlyList<Job>> WaitingAsync(int limit, int oldest, CancellationToken cancellation) =>
        ValueTask.FromResult(live.Waiting(limit, oldest));

    public ValueTask<int> ExpireAsync(CancellationToken cancellation) =>
        live.Due(time.GetUtcNow()).Count == 0 ? ValueTask.FromResult(0) : DecideAsync(draft => Decisions.Expire(draft, time.GetUtcNow()));

    public ValueTask<IReadOnlyList<Job>> ClaimAsync(IReadOnlyList<string> ids, JobOwner owner, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(owner);
        if (ids.Count == 0 || IsPaused) return ValueTask.FromResult<IReadOnlyList<Job>>([]);
        string[] named = [.. ids]; // the caller's list may change before it is the claim's turn
        return DecideAsync(draft => Decisions.Claim(draft, named, owner, time.GetUtcNow()));
    }

    public ValueTask<IReadOnlyList<JobClaim>> RenewAsync(IReadOnlyList<JobClaim> claims, JobOwner owner, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(claims);
        ArgumentNullException.ThrowIfNull(owner);
        return ValueTask.FromResult(live.Renew(claims, owner, time.GetUtcNow()));
    }

    public IReadOnlyList<EarlyFinish> EarlyFinishesOf(IReadOnlyList<JobClaim> claims)
    {
        ArgumentNullException.ThrowIfNull(claims);
        return live.EarlyFinishesOf(claims);
    }

    public ValueTask<IReadOnlyList<Job>> RecoverAsync(JobOwner owner, int maxCrashes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCrashes, 1);
        return DecideAsync(draft => Decisions.Recover(draft, owner, maxCrashes, OutlivesProcess, time.GetUtcNow()));
    }

    public async ValueTask LeaveAsync(JobOwner owner, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(owner);
        await DecideAsync(draft =>
        {
            if (OutlivesProcess)
            {
                Decisions.Release(draft, owner, time.GetUtcNow());
                return true;
            }
            live.IsClosed = true;
            Decisions.FailAll(draft, time.GetUtcNow());
            return true;
        });
    }

    public ValueTask<CommitOutcome> CommitAsync(string id, int? attempt, JobCommand command, CancellationToken cancellation) =>
        DecideAsync(draft => Decisions.Commit(draft, id, attempt, command, time.GetUtcNow()));

    public ValueTask ReportAsync(string id, int attempt, int steps, int? wanted, CancellationToken cancellation)
    {
        live.Report(id, attempt, steps, wanted, time.GetUtcNow());
        return ValueTask.CompletedTask;
    }

    public ValueTask<Job?> FindAsync(string id, CancellationToken cancellation) => ValueTask.FromResult(live.Find(id) ?? archive?.Find(id)?.Job);

    public async IAsyncEnumerable<JobEvent> EventsAsync(string id, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (live.FindLive(id) is not { } job)
        {
            foreach (var one in archive?.Find(id)?.Events ?? [])
                if (one.Version > after) yield return one;
            yield break;
        }
        long seen = after;
        while (true)
        {
            // A job that is forgotten meanwhile still tells its readers how it ended.
            var (fresh, changed, ended) = live.EventsOf(job, seen);
            foreach (var one in fresh)
            {
                seen = one.Version;
                yield return one;
            }
            if (ended) yield break;
            await changed.WaitAsync(cancellation);
        }
    }

    public async ValueTask<Job?> WaitAsync(string id, CancellationToken cancellation) =>
        live.FindLive(id) is { } job ? await job.Finished.Task.WaitAsync(cancellation) : archive?.Find(id)?.Job;

    public ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        var jobs = live.List(query, onlyUnfinished: archive is not null);
        if (archive is not null)
        {
            // After the live ones: a job that finishes in between is then in both, and never in none.
            var finished = archive.List(query);
            var ids = finished.Select(job => job.Id).ToHashSet();
            jobs = [.. jobs.Where(job => !ids.Contains(job.Id)).Concat(finished).OrderBy(JobPlace.Of)];
        }
        return ValueTask.FromResult(jobs.Count > query.Limit
            ? new JobPage(jobs[..query.Limit], JobPlace.Of(jobs[query.Limit - 1]))
            : new JobPage(jobs, null));
    }

    public ValueTask<QueueAhead?> AheadAsync(string id, CancellationToken cancellation) => ValueTask.FromResult(live.AheadOf(id));

    public ValueTask<int> CountQueuedAsync(CancellationToken cancellation) => ValueTask.FromResult(live.CountQueued());

    public ValueTask<QueueSummary> SummariseAsync(CancellationToken cancellation) => ValueTask.FromResult(live.Summarise());

    public async ValueTask SetPausedAsync(bool paused, CancellationToken cancellation) => await DecideAsync(draft => draft.Pauses = paused);

    public ValueTask<IReadOnlyList<Job>> SweepAsync(SweepQuery query, int limit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return DecideAsync(draft => Decisions.Sweep(draft, query, limit));
    }

    public ValueTask<PurgeOutcome> PurgeAsync(string id, CancellationToken cancellation) => DecideAsync(draft => Decisions.Purge(draft, id));

    public ValueTask<WebhookDelivery?> TakeAsync(IReadOnlyCollection<string> without, TimeSpan lease, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(without);
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(live.Outbox.Take(without, lease, time.GetUtcNow()));
    }

    public ValueTask<bool> RemoveAsync(WebhookDelivery delivery, CancellationToken cancellation) => DecideAsync(draft => Decisions.Remove(draft, delivery));

    public ValueTask<bool> RetryAsync(WebhookDelivery delivery, TimeSpan after, bool failed, CancellationToken cancellation) =>
        DecideAsync(draft => Decisions.Retry(draft, delivery, after, failed, time.GetUtcNow()));

    public ValueTask<IReadOnlyList<UsageEntry>> UsageAsync(UsageQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        return ValueTask.FromResult(UsageOf(query));
    }

    public async ValueTask SweepUsageAsync(DateOnly before, CancellationToken cancellation) =>
        await DecideAsync(draft => draft.ForgetsUsageBefore = before);

    private protected abstract IReadOnlyList<UsageEntry> UsageOf(UsageQuery query);

    /// <summary>Has something decided, makes it lasting, and publishes it.</summary>
    /// <exception cref="StoreException">It could not be made lasting; nothing was changed.</exception>
    private protected abstract ValueTask<T> DecideAsync<T>(Func<Draft, T> decide);

    private protected void Tell(IReadOnlyList<Job> ended)
    {
        foreach (var job in ended) Finished?.Invoke(job);
        if (ended.Any(job => WebhookDelivery.Of(job) is not null)) DeliveryWritten?.Invoke();
    }
}
