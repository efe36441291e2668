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

    public ValueTask<int> CountQueuedAsync(CancellationToken cancellation)
    {
        lock (gate)
            return ValueTask.FromResult(queued.Count);
    }

    private void Queue(Entry entry)
    {
        queued.Add(entry.Place, entry.Job.Id);
        waitingList = null;
    }

    private void Commit(Entry entry, JobTransition transition)
    {
        var before = entry.Job.State;
        entry.Apply(transition);
        if (before == JobState.Queued && transition.Job.State != JobState.Queued)
        {
            queued.Remove(entry.Place);
            waitingList = null;
        }
        else if (before == JobState.Running && transition.Job.State == JobState.Queued)
        {
            Queue(entry);
        }
        if (!transition.Job.IsFinished) return;
        finished.Enqueue(transition.Job.Id);
        while (finished.Count > keptFinished)
            entries.Remove(finished.Dequeue());
    }

    private sealed class Entry(JobTransition admitted, long order)
    {
        private TaskCompletionSource? changed;

        public Job Job { get; private set; } = admitted.Job;

        /// <summary>Place in the queue: a job that is given back keeps it.</summary>
        public (int Priority, long Order) Place { get; } = (-(int)admitted.Job.Request.Priority, order);

        public List<JobEvent> Events { get; } = [.. admitted.Events];

        /// <summary>Set at the next change; made when a reader asks, since most jobs have none.</summary>
        public Task NextChange => (changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public TaskCompletionSource<Job> Finished { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Apply(JobTransition transition)
        {
            Job = transition.Job;
            // Only the newest progress matters to a reader who comes late; the others are dropped, so that a job's events stay few.
            if (transition.Events is [{ Kind: JobEventKind.Progress }] && Events[^1].Kind == JobEventKind.Progress)
                Events.RemoveAt(Events.Count - 1);
            Events.AddRange(transition.Events);
            changed?.SetResult();
            changed = null;
            if (Job.IsFinished) Finished.SetResult(Job);
        }
    }
}
