using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Memory;

/// <summary>
/// Jobs in this process alone: they end with it. One lock; state and events change together under it, and readers are woken after.
/// </summary>
/// <param name="maxQueued">Maximum of jobs that wait.</param>
/// <param name="time">Stamps changes and judges leases.</param>
/// <param name="keptFinished">Finished jobs that can still be asked for; the oldest are forgotten first.</param>
public sealed class MemoryJobStore(int maxQueued, TimeProvider time, int keptFinished = 1000) : IJobStore
{
    private static readonly JobFailure Stopped = new(JobFailureKind.ShuttingDown, "The server stopped before the job was done.");

    private readonly Lock gate = new();
    private readonly Dictionary<string, MemoryJob> entries = [];
    private readonly Dictionary<string, MemoryJob> running = [];
    private readonly SortedDictionary<(int Priority, long Order), MemoryJob> queued = [];
    private readonly SortedDictionary<long, MemoryJob> queuedByAge = [];
    private readonly SortedSet<(DateTimeOffset At, long Order, string Id)> deadlines = []; // of queued jobs
    private readonly SortedSet<JobPlace> places = [];
    private readonly Queue<string> finished = new();
    private long lastOrder;
    private IReadOnlyList<Job>? waitingList; // made when it is asked for
    private (int Limit, int Oldest) waitingLimits;
    private bool isClosed; // nobody is left to run what would be added

    public event Action<Job>? Finished;

    public ValueTask<bool> AddAsync(JobTransition admitted, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(admitted);
        lock (gate)
        {
            if (isClosed || queued.Count >= maxQueued) return ValueTask.FromResult(false);
            var entry = new MemoryJob(admitted, ++lastOrder);
            entries.Add(admitted.Job.Id, entry);
            places.Add(JobPlace.Of(admitted.Job));
            Queue(entry);
        }
        return ValueTask.FromResult(true);
    }

    public ValueTask<IReadOnlyList<Job>> WaitingAsync(int limit, int oldest, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (waitingList is null || waitingLimits != (limit, oldest))
                (waitingList, waitingLimits) = (ListWaiting(limit, oldest), (limit, oldest));
            return ValueTask.FromResult(waitingList);
        }
    }

    public ValueTask<int> ExpireAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        List<MemoryJob> due = [];
        lock (gate)
        {
            if (deadlines.Count == 0 || deadlines.Min.At > now) return ValueTask.FromResult(0);
            foreach (var (at, _, id) in deadlines)
            {
                if (at > now) break;
                due.Add(entries[id]);
            }
        }
        // Between the two a job may have been claimed: it is its owner's then.
        return ValueTask.FromResult(
            CommitAll(due, static entry => entry.Job.State == JobState.Queued ? new JobCommand.Expire() : null, now).Count);
    }

    public ValueTask<IReadOnlyList<Job>> ClaimAsync(IReadOnlyList<string> ids, JobOwner owner, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(owner);
        var now = time.GetUtcNow();
        var claimed = new List<Job>(ids.Count);
        lock (gate)
        {
            foreach (string id in ids)
            {
                if (!entries.TryGetValue(id, out var entry) || entry.Job.Apply(new JobCommand.Claim(), now) is not { } transition) continue;
                Commit(entry, transition);
                entry.Lease(owner, now);
                claimed.Add(transition.Job);
            }
        }
        return ValueTask.FromResult<IReadOnlyList<Job>>(claimed);
    }

    public ValueTask<IReadOnlyList<JobClaim>> RenewAsync(IReadOnlyList<JobClaim> claims, JobOwner owner, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(claims);
        ArgumentNullException.ThrowIfNull(owner);
        var now = time.GetUtcNow();
        List<JobClaim>? lost = null;
        lock (gate)
        {
            for (int i = 0; i < claims.Count; i++) // by index: an enumerator would be allocated at every tick
            {
                if (running.TryGetValue(claims[i].JobId, out var entry) && entry.IsHeldBy(claims[i].Attempt)) entry.Lease(owner, now);
                else (lost ??= []).Add(claims[i]);
            }
        }
        return ValueTask.FromResult<IReadOnlyList<JobClaim>>(lost is null ? [] : [.. lost]); // the empty one is shared: mostly none is lost
    }

    public ValueTask<IReadOnlyList<Job>> RecoverAsync(JobOwner owner, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(owner);
        var now = time.GetUtcNow();
        return ValueTask.FromResult(CommitAll(
            running.Values, entry => entry.Owner != owner.Id && entry.LeasedUntil <= now ? new JobCommand.Recover() : null, now));
    }

    public ValueTask LeaveAsync(JobOwner owner, CancellationToken cancellation)
    {
        lock (gate) isClosed = true;
        CommitAll(entries.Values, static entry => entry.Job.IsFinished ? null : new JobCommand.Fail(Stopped), time.GetUtcNow());
        return ValueTask.CompletedTask;
    }

    public ValueTask<CommitOutcome> CommitAsync(string id, int? attempt, JobCommand command, CancellationToken cancellation)
    {
        Job job;
        lock (gate)
        {
            if (!entries.TryGetValue(id, out var entry)) return ValueTask.FromResult(CommitOutcome.NoSuchJob);
            if (attempt is { } claim && (claim != entry.Job.Attempt || entry.Job.State == JobState.Queued))
                return ValueTask.FromResult<CommitOutcome>(new CommitOutcome.ClaimLost(entry.Job));
            if (entry.Job.Apply(command, time.GetUtcNow()) is not { } transition)
                return ValueTask.FromResult<CommitOutcome>(new CommitOutcome.NotApplicable(entry.Job));
            Commit(entry, transition);
            job = transition.Job;
        }
        if (job.IsFinished) Finished?.Invoke(job);
        return ValueTask.FromResult<CommitOutcome>(new CommitOutcome.Committed(job));
    }

    public ValueTask ReportAsync(string id, int attempt, int steps, int? wanted, CancellationToken cancellation)
    {
        lock (gate)
            if (entries.TryGetValue(id, out var entry) && entry.IsHeldBy(attempt)) entry.Report(steps, wanted, time.GetUtcNow());
        return ValueTask.CompletedTask;
    }

    public ValueTask<Job?> FindAsync(string id, CancellationToken cancellation)
    {
        lock (gate)
            return ValueTask.FromResult(entries.GetValueOrDefault(id)?.Job);
    }

    public async IAsyncEnumerable<JobEvent> EventsAsync(string id, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        MemoryJob? entry;
        lock (gate) entry = entries.GetValueOrDefault(id);
        if (entry is null) yield break;
        long seen = after;
        while (true)
        {
            JobEvent[] fresh;
            Task changed;
            bool ended;
            lock (gate) // a job that is forgotten meanwhile still tells its readers how it ended
            {
                fresh = [.. entry.Events.Where(one => one.Version > seen)];
                changed = entry.NextChange;
                ended = entry.Job.IsFinished;
            }
            foreach (var one in fresh)
            {
                seen = one.Version;
                yield return one;
            }
            if (ended) yield break;
            await changed.WaitAsync(cancellation);
        }
    }

    public async ValueTask<Job?> WaitAsync(string id, CancellationToken cancellation)
    {
        Task<Job> finished;
        lock (gate)
        {
            if (!entries.TryGetValue(id, out var entry)) return null;
            finished = entry.Finished.Task;
        }
        return await finished.WaitAsync(cancellation);
    }

    public ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        var page = new List<Job>();
        lock (gate)
        {
            var from = query.After is { } after && places.Count > 0 && after.CompareTo(places.Max) <= 0 ? places.GetViewBetween(after, places.Max)
                : query.After is null ? places : [];
            foreach (var place in from)
            {
                if (place == query.After || entries[place.Id].Job is not { } job || (query.State is { } state && job.State != state)) continue;
                if (page.Count == query.Limit) return ValueTask.FromResult(new JobPage(page, JobPlace.Of(page[^1])));
                page.Add(job);
            }
        }
        return ValueTask.FromResult(new JobPage(page, null));
    }

    public ValueTask<QueueAhead?> AheadAsync(string id, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(id, out var mine) || mine.Job.State != JobState.Queued) return ValueTask.FromResult<QueueAhead?>(null);
            var (jobs, steps) = (0, 0L);
            foreach (var entry in entries.Values)
            {
                if (entry.Job.State != JobState.Queued || entry.Turn.CompareTo(mine.Turn) >= 0) continue;
                jobs++;
                steps += entry.Job.Progress.Steps;
            }
            return ValueTask.FromResult<QueueAhead?>(new(jobs, steps));
        }
    }

    public ValueTask<int> CountQueuedAsync(CancellationToken cancellation)
    {
        lock (gate)
            return ValueTask.FromResult(queued.Count);
    }

    private ImmutableArray<Job> ListWaiting(int limit, int oldest)
    {
        List<MemoryJob> first = [.. queued.Values.Take(limit)];
        if (queued.Count > first.Count) first.AddRange(queuedByAge.Values.Except(first).Take(oldest));
        return [.. first.Select(static entry => entry.Job)];
    }

    private void Queue(MemoryJob entry)
    {
        queued.Add(entry.Turn, entry);
        queuedByAge.Add(entry.Turn.Order, entry);
        if (entry.Deadline is { } deadline) deadlines.Add((deadline, entry.Turn.Order, entry.Job.Id));
        waitingList = null;
    }

    private void Unqueue(MemoryJob entry)
    {
        queued.Remove(entry.Turn);
        queuedByAge.Remove(entry.Turn.Order);
        if (entry.Deadline is { } deadline) deadlines.Remove((deadline, entry.Turn.Order, entry.Job.Id));
        waitingList = null;
    }

    /// <summary>Applies what the choice gives to each job that it gives something for.</summary>
    private IReadOnlyList<Job> CommitAll(IEnumerable<MemoryJob> candidates, Func<MemoryJob, JobCommand?> choice, DateTimeOffset now)
    {
        List<Job> changed = [];
        lock (gate)
        {
            foreach (var entry in candidates.OrderBy(entry => entry.Turn).ToArray())
            {
                if (choice(entry) is not { } command || entry.Job.Apply(command, now) is not { } transition) continue;
                Commit(entry, transition);
                changed.Add(transition.Job);
            }
        }
        foreach (var job in changed)
            if (job.IsFinished) Finished?.Invoke(job);
        return changed;
    }

    private void Commit(MemoryJob entry, JobTransition transition)
    {
        var (job, before) = (transition.Job, entry.Job.State);
        entry.Commit(transition);
        if (before == JobState.Queued && job.State != JobState.Queued) Unqueue(entry);
        else if (before == JobState.Running && job.State == JobState.Queued) Queue(entry);
        if (job.State == JobState.Running) running[job.Id] = entry;
        else running.Remove(job.Id);
        if (!job.IsFinished) return;
        finished.Enqueue(job.Id);
        while (finished.Count > keptFinished)
            if (entries.Remove(finished.Dequeue(), out var forgotten)) places.Remove(JobPlace.Of(forgotten.Job));
    }
}
