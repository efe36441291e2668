using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Memory;

/// <summary>A job in memory: its state, its events, its lease, and who waits for it. Its store's lock guards all of it.</summary>
/// <param name="admitted">The job as it was admitted.</param>
/// <param name="order">Counts admissions.</param>
internal sealed class MemoryJob(JobTransition admitted, long order)
{
    private readonly List<JobEvent> events = [.. admitted.Events];
    private TaskCompletionSource? changed;
    private Job job = admitted.Job;
    private JobProgress reported; // and not committed yet
    private DateTimeOffset? reportedAt;

    public Job Job
    {
        get
        {
            CommitReported();
            return job;
        }
    }

    /// <summary>Its place among those that wait: a job that is given back keeps it.</summary>
    public (int Priority, long Order) Turn { get; } = (-(int)admitted.Job.Request.Priority, order);

    /// <summary>When it expires; null: never.</summary>
    public DateTimeOffset? Deadline { get; } =
        admitted.Job.Request.Deadline is { } seconds ? admitted.Job.CreatedAt.AddSeconds(seconds) : null;

    public IReadOnlyList<JobEvent> Events
    {
        get
        {
            CommitReported();
            return events;
        }
    }

    /// <summary>Who claimed it last.</summary>
    public string? Owner { get; private set; }

    /// <summary>When its owner is taken for dead.</summary>
    public DateTimeOffset LeasedUntil { get; private set; }

    /// <summary>Set at the next change; made when a reader asks, since most jobs have none.</summary>
    public Task NextChange => (changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public TaskCompletionSource<Job> Finished { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsHeldBy(int attempt) => job.State == JobState.Running && job.Attempt == attempt;

    /// <summary>The owner is alive.</summary>
    public void Lease(JobOwner owner, DateTimeOffset now) => (Owner, LeasedUntil) = (owner.Id, now + owner.Lease);

    /// <summary>Keeps progress until it is looked at: a job and an event are made of it then, or now where a reader waits.</summary>
    public void Report(int steps, int? wanted, DateTimeOffset now)
    {
        var before = reportedAt is null ? job.Progress : reported;
        if (steps <= before.Step) return;
        (reported, reportedAt) = (before.At(steps, wanted, now, job.Request.Count), now);
        if (changed is not null) CommitReported();
    }

    public void Commit(JobTransition transition)
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

    private void CommitReported()
    {
        if (reportedAt is not { } at) return;
        reportedAt = null;
        if (job.Apply(new JobCommand.Advance(reported), at) is { } transition) Commit(transition);
    }
}
