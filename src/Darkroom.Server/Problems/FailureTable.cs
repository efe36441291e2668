using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Server.Problems;

/// <summary>Every way in which a job does not give pictures, and what the caller is told. A 503 may succeed on another try; a 500 will not.</summary>
internal static class FailureTable
{
    public static ProblemType TypeOf(JobFailureKind kind) => kind switch
    {
        JobFailureKind.ModelUnavailable => ProblemType.ModelFailed,
        JobFailureKind.NonFinite => ProblemType.NonFinite,
        JobFailureKind.GraphMismatch => ProblemType.GraphMismatch,
        JobFailureKind.OutOfMemory => ProblemType.NotEnoughMemory,
        JobFailureKind.DeviceFailed => ProblemType.DeviceFailed,
        JobFailureKind.ShuttingDown => ProblemType.ShuttingDown,
        _ => ProblemType.Internal,
    };

    /// <summary>For a job that ended without pictures.</summary>
    /// <param name="job">The finished job.</param>
    /// <param name="draining">Whether the server is on its way out: then that is why the job was cancelled.</param>
    public static Problem Of(Job job, bool draining) => job switch
    {
        { State: JobState.Failed, Failure: { } failure } => new(TypeOf(failure.Kind), failure.Detail) { JobId = job.Id },
        { State: JobState.Expired } => new(ProblemType.DeadlineExpired, "The job was not finished within its deadline.") { JobId = job.Id },
        { State: JobState.Cancelled } when draining => new(ProblemType.ShuttingDown, "The server is shutting down and cancelled the job.") { JobId = job.Id },
        { State: JobState.Cancelled } => new(ProblemType.JobCancelled, "The job was cancelled before it was finished.") { JobId = job.Id },
        _ => new(ProblemType.Internal, "The job ended without a picture.") { JobId = job.Id },
    };

    /// <summary>For a request that was not admitted.</summary>
    public static Problem Of(Admission refusal) => refusal switch
    {
        Admission.QueueFull full => new(ProblemType.QueueFull, $"{full.Limit} jobs are waiting already, as many as may.")
            { RetryAfter = Math.Max(1, (int)Math.Ceiling(full.RetryAfter.TotalSeconds)) },
        Admission.TooLarge large => new(ProblemType.NotEnoughMemory,
            $"This picture would take about {MiB(large.EstimatedBytes)} MiB of memory, and {MiB(large.AvailableBytes)} MiB are there. A smaller size or count takes less."),
        Admission.ShuttingDown => ShuttingDown,
        _ => new(ProblemType.Internal, "The request was not admitted."),
    };

    public static Problem ShuttingDown { get; } = new(ProblemType.ShuttingDown, "The server is shutting down and takes no new work.");

    private static long MiB(long bytes) => bytes / (1024 * 1024);
}
