using System.Globalization;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Server.Generation;

/// <summary>Every way in which the engine does not give pictures, as a failure.</summary>
internal static class Failures
{
    public static Failure ShuttingDown { get; } = new(FailureKind.ShuttingDown, "The server is shutting down and takes no new work.");

    /// <summary>For a job that ended without pictures.</summary>
    /// <param name="job">The finished job.</param>
    /// <param name="draining">Whether the server is on its way out: then that is why the job was cancelled.</param>
    public static Failure Of(Job job, bool draining) => job switch
    {
        { State: JobState.Failed, Failure: { } failure } => new(KindOf(failure.Kind), failure.Detail) { JobId = job.Id },
        { State: JobState.Expired } => new(FailureKind.Expired, "The job was not finished within its deadline.") { JobId = job.Id },
        { State: JobState.Cancelled } when draining => new(FailureKind.ShuttingDown, "The server is shutting down and cancelled the job.") { JobId = job.Id },
        { State: JobState.Cancelled } => new(FailureKind.Cancelled, "The job was cancelled before it was finished.") { JobId = job.Id },
        _ => new(FailureKind.Internal, "The job ended without a picture.") { JobId = job.Id },
    };

    /// <summary>For a request that was not admitted.</summary>
    public static Failure Of(Admission refusal) => refusal switch
    {
        Admission.QueueFull full => new(FailureKind.QueueFull, $"{Amount(full.Limit, full.Measure)} are waiting already, as many as may.")
        {
            RetryAfter = full.RetryAfter,
        },
        Admission.CallerFull full => new(FailureKind.CallerFull, $"{Amount(full.Limit, full.Measure)} of yours are waiting already, as many as may.")
        {
            RetryAfter = full.RetryAfter,
        },
        Admission.KeyReused => new(FailureKind.KeyReused, "This Idempotency-Key was used for another request in the last 24 hours."),
        Admission.StorageFull => new(FailureKind.StorageFull, "The server has no room to keep the job, so it was not accepted."),
        Admission.TooLarge large => new(FailureKind.NotEnoughMemory,
            $"This picture would take about {MiB(large.EstimatedBytes)} MiB of memory, and {MiB(large.AvailableBytes)} MiB are there. "
            + "A smaller size or count takes less."),
        Admission.ShuttingDown => ShuttingDown,
        _ => new(FailureKind.Internal, "The request was not admitted."),
    };

    private static FailureKind KindOf(JobFailureKind kind) => kind switch
    {
        JobFailureKind.ModelUnavailable => FailureKind.ModelFailed,
        JobFailureKind.NonFinite => FailureKind.NonFinite,
        JobFailureKind.GraphMismatch => FailureKind.GraphMismatch,
        JobFailureKind.OutOfMemory => FailureKind.NotEnoughMemory,
        JobFailureKind.DeviceFailed => FailureKind.DeviceFailed,
        JobFailureKind.DiskFull => FailureKind.DiskFull,
        JobFailureKind.WorkerCrashed => FailureKind.WorkerCrashed,
        JobFailureKind.ShuttingDown => FailureKind.ShuttingDown,
        _ => FailureKind.Internal,
    };

    private static string Amount(double limit, QueueLimit measure) =>
        string.Create(CultureInfo.InvariantCulture, $"{limit} {(measure == QueueLimit.Jobs ? "jobs" : "megapixel-steps")}");

    private static long MiB(long bytes) => bytes / (1024 * 1024);
}
