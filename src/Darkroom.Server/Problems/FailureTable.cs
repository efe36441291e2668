using Darkroom.Server.Generation;

namespace Darkroom.Server.Problems;

/// <summary>What a caller over HTTP is told of each failure. A 503 or 507 may succeed on another try; a 500 will not.</summary>
internal static class FailureTable
{
    /// <summary>Every type of the table.</summary>
    public static IReadOnlyList<ProblemType> All { get; } = [.. Enum.GetValues<FailureKind>().Select(TypeOf).Distinct()];

    public static Problem Of(Failure failure)
    {
        var type = TypeOf(failure.Kind);
        return new(type, failure.Detail)
        {
            Errors = failure.Faults,
            RetryAfter = failure.RetryAfter is { } time ? Math.Max(1, (int)Math.Ceiling(time.TotalSeconds)) : type.RetryAfter,
            JobId = failure.JobId,
        };
    }

    public static ProblemType TypeOf(FailureKind kind) => kind switch
    {
        FailureKind.InvalidRequest => ProblemType.InvalidRequest,
        FailureKind.NotYetSupported => ProblemType.NotYetSupported,
        FailureKind.InvalidPicture => ProblemType.InvalidPicture,
        FailureKind.PictureTooLarge => ProblemType.PictureTooLarge,
        FailureKind.NoModel => ProblemType.NoModel,
        FailureKind.ModelNotFound => ProblemType.ModelNotFound,
        FailureKind.UpscalerNotFound => ProblemType.UpscalerNotFound,
        FailureKind.ModelFailed => ProblemType.ModelFailed,
        FailureKind.InputsFull => ProblemType.InputsFull,
        FailureKind.DiskFull => ProblemType.DiskFull,
        FailureKind.StoreUnavailable => ProblemType.StoreUnavailable,
        FailureKind.QueueFull => ProblemType.QueueFull,
        FailureKind.CallerFull => ProblemType.CallerFull,
        FailureKind.KeyReused => ProblemType.KeyReused,
        FailureKind.StorageFull => ProblemType.StorageFull,
        FailureKind.NotEnoughMemory => ProblemType.NotEnoughMemory,
        FailureKind.ShuttingDown => ProblemType.ShuttingDown,
        FailureKind.Cancelled => ProblemType.JobCancelled,
        FailureKind.Expired => ProblemType.DeadlineExpired,
        FailureKind.NonFinite => ProblemType.NonFinite,
        FailureKind.GraphMismatch => ProblemType.GraphMismatch,
        FailureKind.LoraMismatch => ProblemType.LoraMismatch,
        FailureKind.NotObservable => ProblemType.NotObservable,
        FailureKind.DeviceFailed => ProblemType.DeviceFailed,
        FailureKind.WorkerCrashed => ProblemType.WorkerCrashed,
        _ => ProblemType.Internal,
    };
}
