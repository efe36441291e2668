using System.Collections.Immutable;

namespace Darkroom.Engine.Jobs;

public enum JobState { Queued, Running, Succeeded, Failed, Cancelled, Expired }

/// <summary>
/// One request on its way. Immutable; <see cref="Apply"/> is the only way to the next state, and gives the events that belong to it as data.
/// </summary>
public sealed record Job
{
    public required string Id { get; init; }
    public required GenerationRequest Request { get; init; }
    public JobState State { get; init; } = JobState.Queued;
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Counts claims: a commit from an earlier claim is refused.</summary>
    public int Attempt { get; init; }

    /// <summary>Claims whose owner died; those that were given back are not among them.</summary>
    public int LostClaims { get; init; }

    /// <summary>Moves on with every change.</summary>
    public long Version { get; init; }

    /// <summary>
    /// Steps done and wanted, over all pictures of the job. A tile of an upscaler counts as a step; how many there will be is calculated at admission where
    /// the upscaler's file tells enough (else an upscale job wants 0, which says nothing), and known when it is loaded.
    /// </summary>
    public JobProgress Progress { get; init; } = new(0, 0);

    /// <summary>Said at admission or on the way: whatever was changed about the request.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Pictures that are to be finished as they stand: each does no step but the one that it is at, and at least one.</summary>
    public PictureSet FinishesEarly { get; init; }

    public JobResult? Result { get; init; }
    public JobFailure? Failure { get; init; }

    /// <summary>What it took, as far as its attempts have told.</summary>
    public JobSpending Spending { get; init; } = JobSpending.None;

    /// <summary>Deaths of its worker at which a job fails, where nobody says otherwise: one that kills every worker must not be tried for ever.</summary>
    public const int DefaultMaxCrashes = 2;

    public bool IsFinished => State >= JobState.Succeeded;

    /// <summary>Its worker died once: should this job be why, it is to take no other along.</summary>
    public bool RunsAlone => LostClaims > 0;

    /// <summary>A job as it is admitted, with its first event.</summary>
    /// <param name="tiles">That an upscaler will take for each picture; null: there is none, or it is not known yet.</param>
    public static JobTransition Admit(string id, GenerationRequest request, IEnumerable<string> warnings, DateTimeOffset now, int? tiles = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        var job = new Job
        {
            Id = id,
            Request = request,
            CreatedAt = now,
            Progress = new(0, ((request.Task == GenerationTask.Upscale ? 0 : request.StepsShown) + (tiles ?? 0)) * request.Count),
            Warnings = [.. warnings],
            Version = 1,
        };
        return Told(job, JobEventKind.Queued, now);
    }

    /// <summary>The next state and its events, or null where the command has no meaning in this state (a late progress, a second cancel).</summary>
    public JobTransition? Apply(JobCommand command, DateTimeOffset now) => (State, command) switch
    {
        (JobState.Queued, JobCommand.Claim) =>
            Told(Next() with { State = JobState.Running, StartedAt = StartedAt ?? now, Attempt = Attempt + 1 }, JobEventKind.Started, now),
        (JobState.Running, JobCommand.Advance advance) when advance.Progress.Step > Progress.Step =>
            Told(Next() with { Progress = advance.Progress }, JobEventKind.Progress, now),
        (JobState.Running, JobCommand.Succeed succeed) =>
            (Spent(succeed.Used, now) with { Result = succeed.Result, Progress = Progress with { Step = Progress.Steps } })
            .Finish(JobState.Succeeded, JobEventKind.Succeeded, now),
        (JobState.Queued or JobState.Running, JobCommand.Fail fail) => Spent(fail.Used, now).Fail(fail.Failure, now),
        (JobState.Queued or JobState.Running, JobCommand.Cancel) => Finish(JobState.Cancelled, JobEventKind.Cancelled, now),
        (JobState.Queued or JobState.Running, JobCommand.Expire expire) => Spent(expire.Used, now).Finish(JobState.Expired, JobEventKind.Expired, now),
        (JobState.Running, JobCommand.Release release) => Spent(release.Used, now).Requeue(now),
        (JobState.Running, JobCommand.FinishEarly early) when !Request.Measures && FinishesEarly.With(early.Pictures) is var all && all != FinishesEarly =>
            new(Next() with { FinishesEarly = all }, []),
        (_, JobCommand.Spend spend) when spend.Attempt <= Attempt => Spending.With(spend.Attempt, spend.Used, now) is { } more
            ? new(Next() with { Spending = more }, []) : null,
        (JobState.Queued, JobCommand.Prioritise order) => new(Next() with { Request = Request with { Priority = order.Priority } }, []),
        (JobState.Running, JobCommand.Recover recover) when LostClaims + 1 < recover.MaxCrashes =>
            (this with { LostClaims = LostClaims + 1 }).Requeue(now),
        (JobState.Running, JobCommand.Recover) => (this with { LostClaims = LostClaims + 1 })
            .Fail(new(JobFailureKind.WorkerCrashed, "The server went down each time while this job ran, so it is not tried again."), now),
        _ => null,
    };

    private Job Spent(JobUsage? used, DateTimeOffset now) =>
        used is not null && Spending.With(Attempt, used, now) is { } more ? this with { Spending = more } : this;

    private JobTransition Requeue(DateTimeOffset now) =>
        Told(Next() with { State = JobState.Queued, Progress = new(0, Progress.Steps) }, JobEventKind.Queued, now);

    private JobTransition Fail(JobFailure failure, DateTimeOffset now) => (this with { Failure = failure }).Finish(JobState.Failed, JobEventKind.Failed, now);

    private JobTransition Finish(JobState state, JobEventKind kind, DateTimeOffset now) => Told(Next() with { State = state, FinishedAt = now }, kind, now);

    private Job Next() => this with { Version = Version + 1 };

    private static JobTransition Told(Job next, JobEventKind kind, DateTimeOffset now) =>
        new(next, [new JobEvent(next.Id, next.Version, now, kind, next.Progress)]);
}

/// <summary>A new state and what is to be told of it; a store commits both at once.</summary>
public sealed record JobTransition(Job Job, ImmutableArray<JobEvent> Events);

/// <summary>Something that happened to a job; <see cref="Version"/> orders the events of one job.</summary>
public sealed record JobEvent(string JobId, long Version, DateTimeOffset At, JobEventKind Kind, JobProgress Progress);

public enum JobEventKind { Queued, Started, Progress, Succeeded, Failed, Cancelled, Expired }

/// <summary>What can be asked of a job: a closed set.</summary>
public abstract record JobCommand
{
    private JobCommand() { }

    /// <summary>A worker takes it.</summary>
    public sealed record Claim : JobCommand;

    /// <summary>More steps are done (<see cref="JobProgress.At"/>).</summary>
    public sealed record Advance(JobProgress Progress) : JobCommand;

    /// <param name="Used">What its attempt took; null: not known.</param>
    public sealed record Succeed(JobResult Result, JobUsage? Used = null) : JobCommand;

    /// <param name="Used">What its attempt took so far; null: nothing, or not known.</param>
    public sealed record Fail(JobFailure Failure, JobUsage? Used = null) : JobCommand;

    public sealed record Cancel : JobCommand;

    /// <summary>Its deadline has passed.</summary>
    /// <param name="Used">What its attempt took so far; null: nothing, or not known.</param>
    public sealed record Expire(JobUsage? Used = null) : JobCommand;

    /// <summary>A worker gives it back unfinished: it runs again from the start.</summary>
    /// <param name="Used">What its attempt took so far; null: nothing, or not known.</param>
    public sealed record Release(JobUsage? Used = null) : JobCommand;

    /// <summary>What an attempt took, where its end did not say it: somebody else ended the job, or calls came back after the end.</summary>
    /// <param name="Attempt">Which.</param>
    /// <param name="Used">What it took in all.</param>
    public sealed record Spend(int Attempt, JobUsage Used) : JobCommand;

    /// <summary>
    /// The worker that held it died: it runs again from the start, or fails where that was the last of <paramref name="MaxCrashes"/> deaths.
    /// </summary>
    public sealed record Recover(int MaxCrashes = Job.DefaultMaxCrashes) : JobCommand;

    /// <summary>
    /// Pictures of a running job are denoised no further and finished as they stand: the job succeeds with them. It holds for later attempts too, and no event
    /// is told of it.
    /// </summary>
    public sealed record FinishEarly(PictureSet Pictures) : JobCommand;

    /// <summary>A waiting job gets another place in the queue: behind those of its new priority that came before it. No event is told of it.</summary>
    public sealed record Prioritise(JobPriority Priority) : JobCommand;
}
