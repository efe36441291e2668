using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Live;

/// <summary>
/// Changes that are decided and not published yet, over the live jobs and what lies in the archive. One thread at a time decides; what it has decided counts
/// for what it decides next, and nobody else sees it before it is committed.
/// </summary>
internal sealed class Draft(LiveJobs live, IJobArchive? archive)
{
    private readonly Dictionary<string, JobRecord?> changes = []; // null: removed
    private readonly HashSet<string> added = [];
    private readonly Dictionary<(string Caller, string Key), string> keys = [];
    private readonly Dictionary<string, OutboxRecord?> outbox = []; // null: removed
    private readonly List<LiveJob> touched = [];
    private readonly List<Job> ended = [];
    private readonly List<UsageEntry> usage = [];
    private readonly QueueLoad load = new();
    private long lastOrder = live.LastOrder;

    /// <summary>Jobs with their new records; null: removed.</summary>
    public IReadOnlyDictionary<string, JobRecord?> Changes => changes;

    /// <summary>Entries of the outbox with their new records; null: removed.</summary>
    public IReadOnlyDictionary<string, OutboxRecord?> Outbox => outbox;

    /// <summary>Jobs that were finished, in order.</summary>
    public IReadOnlyList<Job> Ended => ended;

    /// <summary>What the changes add to accounts.</summary>
    public IReadOnlyList<UsageEntry> Usage => usage;

    /// <summary>Usage of days before this one is to be forgotten; null: none is.</summary>
    public DateOnly? ForgetsUsageBefore { get; set; }

    /// <summary>Live jobs that were decided on.</summary>
    public IReadOnlyList<LiveJob> Touched => touched;

    /// <summary>The operator's new word; null: none.</summary>
    public bool? Pauses { get; set; }

    /// <summary>Whether it has to be on disk before anybody is told: all but claims, which are only made again when they are lost.</summary>
    public bool IsDurable { get; private set; }

    public bool IsEmpty => changes.Count == 0 && outbox.Count == 0 && Pauses is null && ForgetsUsageBefore is null;

    /// <summary>What waits, these changes included.</summary>
    public QueueLoad Load => load;

    public bool IsPaused => Pauses ?? live.IsPaused;

    public LiveJobs Live => live;

    public bool IsNew(string id) => added.Contains(id);

    public long NextOrder() => ++lastOrder;

    public JobRecord? Find(string id)
    {
        if (changes.TryGetValue(id, out var changed)) return changed;
        if (live.FindLive(id) is not { } job) return archive?.Find(id);
        touched.Add(job);
        return live.Decide(job);
    }

    public JobRecord? FindKey(string caller, string key)
    {
        string? id = keys.GetValueOrDefault((caller, key)) ?? live.FindKey(caller, key);
        var found = id is null ? archive?.FindKey(caller, key) : Find(id);
        return found is null ? null : changes.GetValueOrDefault(found.Job.Id, found) is { Key.Value: var held } record && held == key ? record : null;
    }

    /// <summary>Jobs that are not finished, in the order of their turns.</summary>
    public IReadOnlyList<JobRecord> Unfinished() =>
        [.. live.Unfinished().Select(record => record.Job.Id).Concat(added).Distinct()
            .Select(Find).OfType<JobRecord>().Where(record => !record.Job.IsFinished).OrderBy(record => record.Turn)];

    public IReadOnlyList<JobRecord> Finished(SweepQuery query, int limit) =>
        [.. (archive?.Finished(query, limit) ?? live.Finished(query, limit)).Where(record => Find(record.Job.Id) is not null)];

    public void Add(JobRecord record)
    {
        added.Add(record.Job.Id);
        if (record.Key is { } key) keys[(record.Job.Request.Caller, key.Value)] = record.Job.Id;
        changes[record.Job.Id] = record;
        load.Change(null, record);
        IsDurable = true;
    }

    public void Change(JobRecord before, JobRecord next)
    {
        changes[next.Job.Id] = next;
        load.Change(before, next);
        if (!before.Job.IsFinished && next.Job.IsFinished) End(next.Job);
        if (UsageEntry.Of(before.Job, next.Job) is { } entry) usage.Add(entry);
        IsDurable |= next.Job.IsFinished || next.Job.LostClaims != before.Job.LostClaims || next.Job.Request != before.Job.Request;
    }

    public void Remove(JobRecord record)
    {
        changes[record.Job.Id] = null;
        IsDurable = true;
    }

    /// <summary>An entry of the outbox as somebody took it; null where it was taken again since, or is no more.</summary>
    public OutboxRecord? Find(WebhookDelivery taken) => outbox.ContainsKey(taken.Id) ? null : live.Outbox.Find(taken);

    /// <summary>Changes or removes (null) an entry. A loss of this at a power cut only means that it is told twice.</summary>
    public void Change(WebhookDelivery taken, OutboxRecord? next) => outbox[taken.Id] = next;

    /// <summary>All of it is published: the next draft begins.</summary>
    public void Clear()
    {
        changes.Clear();
        outbox.Clear();
        added.Clear();
        keys.Clear();
        touched.Clear();
        ended.Clear();
        usage.Clear();
        (Pauses, ForgetsUsageBefore, IsDurable) = (null, null, false);
    }

    /// <summary>None of it happened.</summary>
    public void Abandon()
    {
        live.EndDecisions(touched);
        Clear();
        load.Clear();
        Restore();
    }

    private void End(Job job)
    {
        ended.Add(job);
        if (WebhookDelivery.Of(job) is { } due) outbox[due.Id] = new(due, job.FinishedAt!.Value);
    }

    /// <summary>Counts what waits in the live jobs.</summary>
    public void Restore()
    {
        foreach (var record in live.Unfinished()) load.Change(null, record);
        lastOrder = Math.Max(lastOrder, live.LastOrder);
    }
}
