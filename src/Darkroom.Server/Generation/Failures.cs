using System.Globalization;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Generation;

/// <summary>Every way in which the engine does not give pictures, as a failure.</summary>
internal static class Failures
{
    private const string Expired = "The job was not finished within its deadline.", Cancelled = "The job was cancelled before it was finished.",
        NoPicture = "The job ended without a picture.";

    public static Failure ShuttingDown { get; } = new(FailureKind.ShuttingDown, "The server is shutting down and takes no new work.");

    /// <summary>For a caller who cannot be kept waiting while the server restarts.</summary>
    /// <param name="job">The job, which is not lost.</param>
    public static Failure GoesOn(Job job) =>
        new(FailureKind.ShuttingDown, $"The server is shutting down. The job goes on when the server is back: GET /v1/jobs/{job.Id}") { JobId = job.Id };

    /// <summary>For a job that ended without pictures.</summary>
    /// <param name="job">The finished job.</param>
    /// <param name="draining">Whether the server cancels jobs on its way out: then that is why this one was.</param>
    public static Failure Of(Job job, bool draining) => job switch
    {
        { State: JobState.Failed, Failure: { } failure } => new(KindOf(failure.Kind), failure.Detail) { JobId = job.Id },
        { State: JobState.Expired } => new(FailureKind.Expired, Expired) { JobId = job.Id },
        { State: JobState.Cancelled } when draining => new(FailureKind.ShuttingDown, "The server is shutting down and cancelled the job.") { JobId = job.Id },
        { State: JobState.Cancelled } => new(FailureKind.Cancelled, Cancelled) { JobId = job.Id },
        _ => new(FailureKind.Internal, NoPicture) { JobId = job.Id },
    };

    /// <summary>For a job that ended without pictures, as those are told who hear of it from outside.</summary>
    public static Failure Of(EndedJob job) => job switch
    {
        { State: JobState.Failed, Failure: { } failure } => new(KindOf(failure.Kind), failure.Detail),
        { State: JobState.Expired } => new(FailureKind.Expired, Expired),
        { State: JobState.Cancelled } => new(FailureKind.Cancelled, Cancelled),
        _ => new(FailureKind.Internal, NoPicture),
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
        Admission.TooLarge large => TooLarge(large),
        Admission.ShuttingDown => ShuttingDown,
        _ => new(FailureKind.Internal, "The request was not admitted."),
    };

    /// <summary>Another try would not help: it is the request that is wrong for this machine.</summary>
    private static Failure TooLarge(Admission.TooLarge large)
    {
        var named = string.Join(", ", large.Models.Select(id => $"'{id}'"));
        var others = named.Length == 0 ? "" : large.Models.Count == 1 ? $" Model {named} would fit." : $" Models {named} would fit.";
        if (large.Part is { } part)
        {
            var weights = $"The model's {part} takes {MiB(large.EstimatedBytes)} MiB of memory, and this server has {MiB(large.AvailableBytes)} MiB for "
                + "weights.";
            return Invalid(weights + others, [new Fault("model", weights, null, "a smaller model, or a server with more memory")]);
        }
        var need = $"This request would take about {MiB(large.EstimatedBytes)} MiB of memory beside the model's weights, and this server has "
            + $"{MiB(large.AvailableBytes)} MiB for it.";
        if (large is not { Wanted: var (width, height), Fits: var (fittingWidth, fittingHeight) })
            return Invalid($"{need} A smaller size or count takes less.{others}", [new Fault("", need, null, "a smaller size or count")]);
        return Invalid($"{need} {fittingWidth} x {fittingHeight} would fit.{others}",
        [
            new Fault("width", $"{width} x {height} needs more memory than there is.", width, $"at most {fittingWidth} with a height of {fittingHeight}"),
            new Fault("height", $"{width} x {height} needs more memory than there is.", height, $"at most {fittingHeight} with a width of {fittingWidth}"),
        ]);

        static Failure Invalid(string detail, Fault[] faults) => new(FailureKind.InvalidRequest, detail) { Faults = faults };
    }

    private static FailureKind KindOf(JobFailureKind kind) => kind switch
    {
        JobFailureKind.ModelUnavailable => FailureKind.ModelFailed,
        JobFailureKind.NonFinite => FailureKind.NonFinite,
        JobFailureKind.GraphMismatch => FailureKind.GraphMismatch,
        JobFailureKind.LoraMismatch => FailureKind.LoraMismatch,
        JobFailureKind.NotObservable => FailureKind.NotObservable,
        JobFailureKind.OutOfMemory => FailureKind.NotEnoughMemory,
        JobFailureKind.DeviceFailed => FailureKind.DeviceFailed,
        JobFailureKind.DiskFull => FailureKind.DiskFull,
        JobFailureKind.StoreUnavailable => FailureKind.StoreUnavailable,
        JobFailureKind.WorkerCrashed => FailureKind.WorkerCrashed,
        JobFailureKind.ShuttingDown => FailureKind.ShuttingDown,
        _ => FailureKind.Internal,
    };

    private static string Amount(double limit, QueueLimit measure) =>
        string.Create(CultureInfo.InvariantCulture, $"{limit} {(measure == QueueLimit.Jobs ? "jobs" : "megapixel-steps")}");

    private static long MiB(long bytes) => bytes / (1024 * 1024);
}
