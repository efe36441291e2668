using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Memory;

/// <summary>
/// Jobs in this process alone: they end with it. One lock; state and events change together under it, and readers are woken after.
/// </summary>
/// <param name="maxQueued">Most jobs that may wait.</param>
/// <param name="keptFinished">Finished jobs that can still be asked for; the oldest are forgotten first.</param>
public sealed class MemoryJobStore(int maxQueued, int keptFinished = 1000) : IJobStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> entries = [];
    private readonly SortedDictionary<(int Priority, long Order), string> queued = [];
    private readonly SortedSet<JobPlace> places = [];
    private readonly Queue<string> finished = new();
    private long lastOrder;
    private IReadOnlyList<Job>? waitingList; // made when it is asked for
    private int waitingLimit;

    public ValueTask<bool> AddAsync(JobTransition admitted, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(admitted);
        lock (gate)
        {
            if (queued.Count >= maxQueued) return ValueTask.FromResult(false);
            var entry = new Entry(admitted, ++lastOrder);
            entries.Add(admitted.Job.Id, entry);
            places.Add(JobPlace.Of(admitted.Job));
            Queue(entry);
        }
        return ValueTask.FromResult(true);
    }

    public ValueTask<IReadOnlyList<Job>> WaitingAsync(int limit, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (waitingList is null || waitingLimit != limit)
                (waitingList, waitingLimit) = (queued.Values.Take(limit).Select(id => entries[id].Job).ToImmutableArray(), limit);
            return ValueTask.FromResult(waitingList);
        }
    }

    public ValueTask<IReadOnlyList<Job>> ClaimAsync(IReadOnlyList<string> ids, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var claimed = new List<Job>(ids.Count);
        lock (gate)
        {
            foreach (string id in ids)
            {
                if (!entries.TryGetValue(id, out var entry) || entry.Job.Apply(new JobCommand.Claim(), now) is not { } transition) continue;
                Commit(entry, transition);
                claimed.Add(transition.Job);
            }
        }
        return ValueTask.FromResult<IReadOnlyList<Job>>(claimed);
    }

    public ValueTask<Job?> CommitAsync(string id, int? attempt, JobCommand command, DateTimeOffset now, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(id, out var entry)
                || (attempt is { } claim && claim != entry.Job.Attempt)
                || entry.Job.Apply(command, now) is not { } transition)
                return ValueTask.FromResult<Job?>(null);
            Commit(entry, transition);
            return ValueTask.FromResult<Job?>(transition.Job);
        }
    }

    public ValueTask ReportAsync(string id, int attempt, int steps, int? wanted, DateTimeOffset now, CancellationToken cancellation)
    {
        lock (gate)
            if (entries.TryGetValue(id, out var entry) && entry.IsHeldBy(attempt)) entry.Report(steps, wanted, now);
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> HoldsAsync(string id, int attempt, CancellationToken cancellation)
    {
        lock (gate)
            return ValueTask.FromResult(entries.TryGetValue(id, out var entry) && entry.IsHeldBy(attempt));
    }

    public ValueTask<Job?> FindAsync(string id, CancellationToken cancellation)
    {
        lock (gate)
            return ValueTask.FromResult(entries.GetValueOrDefault(id)?.Job);
    }

    public async IAsyncEnumerable<JobEvent> EventsAsync(string id, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        long seen = after;
        while (true)
        {
            JobEvent[] fresh;
            Task changed;
            bool ended;
            lock (gate)
            {
                if (!entries.TryGetValue(id, out var entry)) yield break;
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

    private void Queue(Entry entry)
    {
        queued.Add(entry.Turn, entry.Job.Id);
        waitingList = null;
    }

    private void Commit(Entry entry, JobTransition transition)
    {
        var before = entry.Job.State;
        entry.Apply(transition);
        if (before == JobState.Queued && transition.Job.State != JobState.Queued)
        {
            queued.Remove(entry.Turn);
            waitingList = null;
        }
        else if (before == JobState.Running && transition.Job.State == JobState.Queued)
        {
            Queue(entry);
        }
        if (!transition.Job.IsFinished) return;
        finished.Enqueue(transition.Job.Id);
        while (finished.Count > keptFinished)
            if (entries.Remove(finished.Dequeue(), out var forgotten)) places.Remove(JobPlace.Of(forgotten.Job));
    }

    private sealed class Entry(JobTransition admitted, long order)
    {
        private readonly List<JobEvent> events = [.. admitted.Events];
        private TaskCompletionSource? changed;
        private Job job = admitted.Job;
        private JobProgress late; // reported and not committed yet
        private DateTimeOffset? lateAt;

        public Job Job
        {
            get
            {
                CatchUp();
                return job;
            }
        }

        /// <summary>Its place among those that wait: a job that is given back keeps it.</summary>
        public (int Priority, long Order) Turn { get; } = (-(int)admitted.Job.Request.Priority, order);

        public IReadOnlyList<JobEvent> Events
        {
            get
            {
                CatchUp();
                return events;
            }
        }

        /// <summary>Set at the next change; made when a reader asks, since most jobs have none.</summary>
        public Task NextChange => (changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public TaskCompletionSource<Job> Finished { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsHeldBy(int attempt) => job.State == JobState.Running && job.Attempt == attempt;

        /// <summary>Keeps progress for whoever looks next: a job and an event are made of it then, or now where a reader waits.</summary>
        public void Report(int steps, int? wanted, DateTimeOffset now)
        {
            var before = lateAt is null ? job.Progress : late;
            if (steps <= before.Step) return;
            (late, lateAt) = (before.At(steps, Math.Max(steps, wanted ?? before.Steps), now, job.Request.Count), now);
            if (changed is not null) CatchUp();
        }

        private void CatchUp()
        {
            if (lateAt is not { } at) return;
            lateAt = null;
            if (job.Apply(new JobCommand.CatchUp(late), at) is { } transition) Apply(transition);
        }

        public void Apply(JobTransition transition)
        {
            job = transition.Job;
            // Only the newest progress matters to a reader who comes late; the others are dropped, so that a job's events stay few.
            if (transition.Events is [{ Kind: JobEventKind.Progress }] && events[^1].Kind == JobEventKind.Progress)
                events.RemoveAt(events.Count - 1);
            events.AddRange(transition.Events);
            changed?.SetResult();
            changed = null;
            if (job.IsFinished) Finished.SetResult(job);
        }
    }
}
