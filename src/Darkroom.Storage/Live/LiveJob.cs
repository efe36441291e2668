using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Live;

/// <summary>A job in memory: its record, the lease and the steps reported since, and who waits for it. <see cref="LiveJobs"/>' lock guards all of it.</summary>
internal sealed class LiveJob(JobRecord record)
{
    private TaskCompletionSource? changed;
    private JobRecord record = record;
    private JobProgress reported; // and not in the record yet
    private DateTimeOffset? reportedAt;
    private bool isDeciding; // the next record is being made of this one: it must not change meanwhile

    public JobRecord Record
    {
        get
        {
            ApplyReported();
            return record;
        }
    }

    public JobState State => record.Job.State;

    public PictureSet FinishesEarly => record.Job.FinishesEarly;

    public (int Priority, long Order) Turn => record.Turn;

    public IReadOnlyList<JobEvent> Events
    {
        get
        {
            ApplyReported();
            return record.Events;
        }
    }

    /// <summary>When its owner is taken for dead.</summary>
    public DateTimeOffset LeasedUntil { get; private set; } = record.LeasedUntil;

    /// <summary>Counts ends: its place among the finished ones.</summary>
    public long EndOrder { get; set; }

    /// <summary>Set at the next change; made when a reader asks, since most jobs have none.</summary>
    public Task NextChange => (changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public TaskCompletionSource<Job> Finished { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsHeldBy(int attempt) => record.Job.State == JobState.Running && record.Job.Attempt == attempt;

    /// <summary>The owner is alive.</summary>
    public void Lease(JobOwner owner, DateTimeOffset now) => LeasedUntil = now + owner.Lease;

    /// <summary>Keeps progress until it is looked at: a job and an event are made of it then, or now where a reader waits.</summary>
    public void Report(int steps, int? wanted, DateTimeOffset now)
    {
        var before = reportedAt is null ? record.Job.Progress : reported;
        if (steps <= before.Step) return;
        (reported, reportedAt) = (before.At(steps, wanted, now, record.Job.Request.Count), now);
        if (changed is not null) ApplyReported();
    }

    /// <summary>The record to decide on. It stays as it is until the outcome is published, or given up.</summary>
    public JobRecord Decide()
    {
        ApplyReported();
        isDeciding = true;
        return record;
    }

    /// <summary>Nothing came of a decision, or all of it is published.</summary>
    public void EndDecision() => isDeciding = false;

    public void Publish(JobRecord next)
    {
        if (next.Job.State != JobState.Running || next.Job.Attempt != record.Job.Attempt) reportedAt = null;
        if (next.Job.Attempt != record.Job.Attempt) LeasedUntil = next.LeasedUntil;
        record = next;
        changed?.SetResult();
        changed = null;
        if (next.Job.IsFinished) Finished.TrySetResult(next.Job);
    }

    private void ApplyReported()
    {
        if (isDeciding || reportedAt is not { } at) return;
        reportedAt = null;
        if (record.Apply(new JobCommand.Advance(reported), at) is { } next) Publish(next);
    }
}
