using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Queue;

/// <summary>The engine's front door: what every surface (HTTP, command line) calls.</summary>
public interface IGenerationQueue
{
    /// <summary>Admits a request, or says why not.</summary>
    ValueTask<Admission> SubmitAsync(GenerationRequest request, IReadOnlyList<string> warnings, SubmitTerms terms, CancellationToken cancellation);

    /// <summary>The same without a key, and without limits of the caller's own.</summary>
    ValueTask<Admission> SubmitAsync(GenerationRequest request, IReadOnlyList<string> warnings, CancellationToken cancellation) =>
        SubmitAsync(request, warnings, SubmitTerms.None, cancellation);

    /// <summary>
    /// Waits until the job is finished. When <paramref name="cancellation"/> fires first the job goes on: a caller who left cancels it by
    /// <see cref="CancelAsync"/>.
    /// </summary>
    ValueTask<Job> WaitAsync(string id, CancellationToken cancellation);

    /// <summary>Ends a job at its next step boundary; the job as it stands then, or null where there is none of that id.</summary>
    ValueTask<Job?> CancelAsync(string id, CancellationToken cancellation);

    /// <summary>
    /// Has pictures of a running job denoised no further: each is finished as it stands at its next step boundary, after one step at least, and the job
    /// succeeds when all of its pictures are there.
    /// </summary>
    /// <returns>Not applicable where the job does not run, or was told that before.</returns>
    ValueTask<CommitOutcome> FinishEarlyAsync(string id, PictureSet pictures, CancellationToken cancellation);

    /// <summary>Changes the priority of a job that waits.</summary>
    ValueTask<CommitOutcome> PrioritiseAsync(string id, JobPriority priority, CancellationToken cancellation);

    /// <summary>Removes a finished job, what it was sent with and what it made.</summary>
    ValueTask<PurgeOutcome> PurgeAsync(string id, CancellationToken cancellation);

    /// <summary>Whether waiting jobs stay where they are. They are admitted all the same, and what runs goes on.</summary>
    bool IsPaused { get; }

    /// <summary>Has waiting jobs stay, or go on; a durable store remembers it.</summary>
    ValueTask SetPausedAsync(bool paused, CancellationToken cancellation);

    ValueTask<Job?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>A page of the jobs that are held, newest first.</summary>
    ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellation);

    /// <summary>A job's place in the queue, and when it will be done.</summary>
    ValueTask<JobOutlook> OutlookAsync(Job job, CancellationToken cancellation);

    /// <summary>The job's events after a version, then those to come, until it is finished.</summary>
    IAsyncEnumerable<JobEvent> EventsAsync(string id, long after, CancellationToken cancellation);
}

/// <summary>The answer to a submitted request: a closed set.</summary>
public abstract record Admission
{
    private Admission() { }

    /// <param name="Job">As it was admitted.</param>
    /// <param name="Pictures">Keeps what the job makes, whatever the store's limit, until the submitter disposes of it: when the answer is written.</param>
    public sealed record Accepted(Job Job, IDisposable Pictures) : Admission;

    /// <summary>The caller's key was used for the same request before; the pictures that came with this one are released.</summary>
    /// <param name="Job">The job of then, as it stands.</param>
    /// <param name="Pictures">As of <see cref="Accepted"/>: keeps what the job makes from now on.</param>
    public sealed record Replayed(Job Job, IDisposable Pictures) : Admission;

    /// <summary>The caller's key was used for another request before.</summary>
    public sealed record KeyReused : Admission;

    /// <summary>The queue is full.</summary>
    /// <param name="Limit">Jobs or megapixel-steps.</param>
    /// <param name="RetryAfter">When there may be room.</param>
    /// <param name="Measure">What the limit counts.</param>
    public sealed record QueueFull(double Limit, TimeSpan RetryAfter, QueueLimit Measure = QueueLimit.Jobs) : Admission;

    /// <summary>As many of the caller's own jobs wait as may.</summary>
    /// <param name="Limit">Jobs or megapixel-steps.</param>
    /// <param name="RetryAfter">When there may be room.</param>
    /// <param name="Measure">What the limit counts.</param>
    public sealed record CallerFull(double Limit, TimeSpan RetryAfter, QueueLimit Measure = QueueLimit.Jobs) : Admission;

    /// <summary>The store's disk is full.</summary>
    public sealed record StorageFull : Admission;

    public sealed record ShuttingDown : Admission;

    /// <summary>The picture would need more memory than this machine ever has for it.</summary>
    public sealed record TooLarge(long EstimatedBytes, long AvailableBytes) : Admission
    {
        /// <summary>The size that needs it; null where something else does.</summary>
        public (int Width, int Height)? Wanted { get; init; }

        /// <summary>The largest size of the same proportions that would fit; null where that is not what to change.</summary>
        public (int Width, int Height)? Fits { get; init; }

        /// <summary>The part of the model whose weights need it, which can never be loaded here; null where it is a call.</summary>
        public string? Part { get; init; }

        /// <summary>Ids of other models that could make the picture here.</summary>
        public IReadOnlyList<string> Models { get; init; } = [];
    }
}
