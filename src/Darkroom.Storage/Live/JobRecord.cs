using System.Collections.Immutable;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Live;

/// <summary>All that a store keeps of a job. Immutable: a change is decided on one record, and published as the next.</summary>
/// <param name="Job">As it stands.</param>
/// <param name="Events">In order, few: of a run of progress only the newest is kept.</param>
/// <param name="Order">Counts admissions.</param>
internal sealed record JobRecord(Job Job, ImmutableArray<JobEvent> Events, long Order)
{
    /// <summary>Megapixel-steps, calculated once, at admission.</summary>
    public required double Cost { get; init; }

    /// <summary>The caller's own name for it; null: none, or it has been used for another job since.</summary>
    public IdempotencyKey? Key { get; init; }

    /// <summary>Who claimed it last.</summary>
    public string? Owner { get; init; }

    /// <summary>When that claim runs out unless it is renewed.</summary>
    public DateTimeOffset LeasedUntil { get; init; }

    /// <summary>Its place among those that wait: a job that is given back keeps it.</summary>
    public (int Priority, long Order) Turn => (-(int)Job.Request.Priority, Order);

    /// <summary>When it expires; null: never.</summary>
    public DateTimeOffset? Deadline => Job.Request.Deadline is { } seconds ? Job.CreatedAt.AddSeconds(seconds) : null;

    /// <summary>The record after a command; null where the command has no meaning in the job's state.</summary>
    public JobRecord? Apply(JobCommand command, DateTimeOffset now) => Job.Apply(command, now) is { } transition ? With(transition) : null;

    private JobRecord With(JobTransition transition)
    {
        // Only the newest progress matters to a reader who comes late; the others are dropped, so that a job's events stay few.
        bool replaces = transition.Events is [{ Kind: JobEventKind.Progress }] && Events[^1].Kind == JobEventKind.Progress;
        return this with { Job = transition.Job, Events = [.. replaces ? Events[..^1] : Events, .. transition.Events] };
    }
}
