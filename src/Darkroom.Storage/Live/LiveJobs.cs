using System.Collections.Immutable;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Live;

/// <summary>
/// The jobs that a process has in memory: all that are not finished, and the last of those that are. One lock, held for microseconds; a published change is
/// seen whole, and wakes those who wait for it.
/// </summary>
internal sealed class LiveJobs
{
    private readonly int keptFinished;
    private readonly Dictionary<string, LiveJob> jobs = [];
    private readonly Dictionary<string, LiveJob> running = [];
    private readonly SortedDictionary<(int Priority, long Order), LiveJob> queued = [];
    private readonly SortedDictionary<long, LiveJob> queuedByAge = [];
    private readonly SortedSet<(DateTimeOffset At, long Order, string Id)> deadlines = []; // of queued jobs
    private readonly SortedSet<JobPlace> places = [];
    private readonly SortedDictionary<long, LiveJob> finished = [];
    private readonly Dictionary<(string Caller, string Key), string> keys = [];
    private IReadOnlyList<Job>? waitingList; // made when it is asked for
    private (int Limit, int Oldest) waitingLimits;
    private long lastEnd;

    /// <param name="keptFinished">Finished jobs that stay in memory; those that finished first leave it first.</param>
    public LiveJobs(int keptFinished)
    {
        this.keptFinished = keptFinished;
        Outbox = new(Gate);
    }

    public Lock Gate { get; } = new();

    /// <summary>What is still to be told outside, under the same lock.</summary>
    public LiveOutbox Outbox { get; }

    public bool IsPaused { get; private set; }

    /// <summary>Nobody is left to run what would be added.</summary>
    public bool IsClosed { get; set; }

    /// <summary>The newest admission.</summary>
    public long LastOrder { get; private set; }

    public int CountQueued()
    {
        lock (Gate) return queued.Count;
    }

    public LiveJob? FindLive(string id)
    {
        lock (Gate) return jobs.GetValueOrDefault(id);
    }

    public Job? Find(string id)
    {
        lock (Gate) return jobs.GetValueOrDefault(id)?.Record.Job;
    }

    public string? FindKey(string caller, string key)
    {
        lock (Gate) return keys.GetValueOrDefault((caller, key));
    }

    public JobRecord Decide(LiveJob job)
    {
        lock (Gate) return job.Decide();
    }

    public void EndDecisions(IReadOnlyList<LiveJob> touched)
    {
        lock (Gate)
            foreach (var job in touched) job.EndDecision();
    }

    public IReadOnlyList<JobRecord> Unfinished()
    {
        lock (Gate) return [.. running.Values.Concat(queued.Values).Select(job => job.Record)];
    }

    /// <summary>Running jobs by their turns, with the ends of their leases.</summary>
    public IReadOnlyList<(string Id, DateTimeOffset LeasedUntil)> Claims()
    {
        lock (Gate) return [.. running.Values.OrderBy(job => job.Turn).Select(job => (job.Record.Job.Id, job.LeasedUntil))];
    }

    public IReadOnlyList<JobRecord> Finished(SweepQuery query, int limit)
    {
        lock (Gate) return [.. finished.Values.Select(job => job.Record).Where(record => query.Takes(record.Job)).Take(limit)];
    }

    /// <summary>Queued jobs in the order of their turns, then the oldest of those beyond.</summary>
    public IReadOnlyList<Job> Waiting(int limit, int oldest)
    {
        lock (Gate)
        {
            if (waitingList is not null && waitingLimits == (limit, oldest)) return waitingList;
            List<LiveJob> seen = [.. queued.Values.Take(limit)];
            if (queued.Count > seen.Count) seen.AddRange(queuedByAge.Values.Except(seen).Take(oldest));
            (waitingList, waitingLimits) = (seen.Select(static job => job.Record.Job).ToImmutableArray(), (limit, oldest));
            return waitingList;
        }
    }

    public QueueSummary Summarise()
    {
        lock (Gate)
        {
            var jobs = queued.Keys.GroupBy(turn => (JobPriority)(-turn.Priority)).ToDictionary(same => same.Key, same => same.Count());
            return new(jobs, queued.Values.Sum(job => job.Record.Cost), queuedByAge.Count == 0 ? null : queuedByAge.First().Value.Record.Job.CreatedAt);
        }
    }

    /// <summary>Queued jobs whose deadlines have passed.</summary>
    public IReadOnlyList<string> Due(DateTimeOffset now)
    {
        lock (Gate)
            return deadlines.Count == 0 || deadlines.Min.At > now ? [] : [.. deadlines.TakeWhile(one => one.At <= now).Select(one => one.Id)];
    }

    public IReadOnlyList<JobClaim> Renew(IReadOnlyList<JobClaim> claims, JobOwner owner, DateTimeOffset now)
    {
        List<JobClaim>? lost = null;
        lock (Gate)
        {
            for (int i = 0; i < claims.Count; i++) // by index: an enumerator would be allocated at every tick
            {
                if (running.TryGetValue(claims[i].JobId, out var job) && job.IsHeldBy(claims[i].Attempt)) job.Lease(owner, now);
                else (lost ??= []).Add(claims[i]);
            }
        }
        return lost is null ? [] : [.. lost]; // the empty one is shared: mostly none is lost
    }

    public IReadOnlyList<EarlyFinish> EarlyFinishesOf(IReadOnlyList<JobClaim> claims)
    {
        List<EarlyFinish>? told = null;
        lock (Gate)
        {
            for (int i = 0; i < claims.Count; i++) // by index: an enumerator would be allocated at every tick
            {
                if (running.TryGetValue(claims[i].JobId, out var job) && job.IsHeldBy(claims[i].Attempt) && !job.FinishesEarly.IsEmpty)
                    (told ??= []).Add(new(claims[i].JobId, job.FinishesEarly));
            }
        }
        return told is null ? [] : [.. told];
    }

    public void Report(string id, int attempt, int steps, int? wanted, DateTimeOffset now)
    {
        lock (Gate)
            if (running.TryGetValue(id, out var job) && job.IsHeldBy(attempt)) job.Report(steps, wanted, now);
    }

    /// <summary>A job's events after a version, what to wait for, and whether there will be no more of them.</summary>
    public (JobEvent[] Fresh, Task Changed, bool Ended) EventsOf(LiveJob job, long after)
    {
        lock (Gate) return ([.. job.Events.Where(one => one.Version > after)], job.NextChange, job.Record.Job.IsFinished);
    }

    /// <summary>Jobs of a list, newest first: at most one more than the query's limit.</summary>
    /// <param name="query">Which.</param>
    /// <param name="onlyUnfinished">Leaves the others to an archive.</param>
    public List<Job> List(JobQuery query, bool onlyUnfinished)
    {
        var found = new List<Job>();
        lock (Gate)
        {
            var from = query.After is { } after && places.Count > 0 && after.CompareTo(places.Max) <= 0 ? places.GetViewBetween(after, places.Max)
                : query.After is null ? places : [];
            foreach (var place in from)
            {
                if (found.Count > query.Limit) break;
                var job = jobs[place.Id].Record.Job;
                if (place == query.After || (onlyUnfinished && job.IsFinished)) continue;
                if ((query.State ?? job.State) == job.State && (query.Caller ?? job.Request.Caller) == job.Request.Caller) found.Add(job);
            }
        }
        return found;
    }

    public QueueAhead? AheadOf(string id)
    {
        lock (Gate)
        {
            if (!jobs.TryGetValue(id, out var mine) || mine.State != JobState.Queued) return null;
            var (count, steps) = (0, 0L);
            foreach (var (turn, job) in queued)
            {
                if (turn.CompareTo(mine.Turn) >= 0) break;
                count++;
                steps += job.Record.Job.Progress.Steps;
            }
            return new(count, steps);
        }
    }

    /// <summary>What an earlier process left.</summary>
    public void Load(IEnumerable<JobRecord> records, bool paused, long lastOrder)
    {
        lock (Gate)
        {
            foreach (var record in records) Place(new LiveJob(record), null, record);
            (IsPaused, LastOrder) = (paused, lastOrder);
        }
    }

    /// <summary>Makes all changes of a draft seen at once.</summary>
    public void Publish(Draft draft)
    {
        lock (Gate)
        {
            IsPaused = draft.IsPaused;
            foreach (var job in draft.Touched) job.EndDecision();
            foreach (var (id, next) in draft.Outbox) Outbox.Publish(id, next);
            foreach (var (id, next) in draft.Changes)
            {
                var job = jobs.GetValueOrDefault(id);
                if (next is null)
                {
                    if (job is not null) Forget(job);
                }
                else if (job is not null)
                {
                    var before = job.Record;
                    job.Publish(next);
                    Place(job, before, next);
                }
                else if (draft.IsNew(id) && !next.Job.IsFinished) // one that is finished already, or was long ago, lies in the archive
                {
                    LastOrder = Math.Max(LastOrder, next.Order);
                    Place(new LiveJob(next), null, next);
                }
            }
        }
    }

    /// <summary>Brings the indices in line with a job's new record.</summary>
    private void Place(LiveJob job, JobRecord? before, JobRecord next)
    {
        string id = next.Job.Id;
        bool wasQueued = before is { Job.State: JobState.Queued }, isQueued = next.Job.State == JobState.Queued;
        if (before is null)
        {
            jobs.Add(id, job);
            places.Add(JobPlace.Of(next.Job));
            if (next.Key is { } key) keys[(next.Job.Request.Caller, key.Value)] = id;
        }
        else if (before.Key is { } old && next.Key is null && keys.GetValueOrDefault((next.Job.Request.Caller, old.Value)) == id)
        {
            keys.Remove((next.Job.Request.Caller, old.Value));
        }
        if (wasQueued) Unqueue(before!);
        if (isQueued) Queue(job, next);
        if (next.Job.State == JobState.Running) running[id] = job;
        else running.Remove(id);
        if (!next.Job.IsFinished || before is { Job.IsFinished: true }) return;
        job.EndOrder = ++lastEnd;
        finished.Add(job.EndOrder, job);
        while (finished.Count > keptFinished) Forget(finished.First().Value);
    }

    private void Queue(LiveJob job, JobRecord record)
    {
        queued.Add(record.Turn, job);
        queuedByAge.Add(record.Order, job);
        if (record.Deadline is { } at) deadlines.Add((at, record.Order, record.Job.Id));
        waitingList = null;
    }

    private void Unqueue(JobRecord record)
    {
        queued.Remove(record.Turn);
        queuedByAge.Remove(record.Order);
        if (record.Deadline is { } at) deadlines.Remove((at, record.Order, record.Job.Id));
        waitingList = null;
    }

    private void Forget(LiveJob job)
    {
        var record = job.Record;
        jobs.Remove(record.Job.Id);
        finished.Remove(job.EndOrder);
        places.Remove(JobPlace.Of(record.Job));
        if (record.Key is { } key && keys.GetValueOrDefault((record.Job.Request.Caller, key.Value)) == record.Job.Id)
            keys.Remove((record.Job.Request.Caller, key.Value));
    }
}
