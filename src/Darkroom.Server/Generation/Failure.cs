using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Generation;

/// <summary>Why an order gives no pictures. Every surface says it in its own form; the detail holds no internals and nothing of a prompt.</summary>
/// <param name="Kind">Which of the closed set.</param>
/// <param name="Detail">What happened this time, in sentences for the caller.</param>
internal sealed record Failure(FailureKind Kind, string Detail)
{
    /// <summary>Every wrong value of the order; null for failures of another kind.</summary>
    public IReadOnlyList<Fault>? Faults { get; init; }

    /// <summary>When another try may help, where that was measured; null: as usual for the kind.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The job it happened to; null where none was admitted.</summary>
    public string? JobId { get; init; }
}

/// <summary>A closed set: a surface has one table from kind to its own status and words.</summary>
internal enum FailureKind
{
    /// <summary>Values are wrong, or do not fit each other, the model or a limit.</summary>
    InvalidRequest,

    /// <summary>All that is wrong is right by the API's page and not built yet.</summary>
    NotYetSupported,

    /// <summary>A picture that came with the order cannot be read.</summary>
    InvalidPicture,

    PictureTooLarge,
    NoModel,
    ModelNotFound,
    UpscalerNotFound,

    /// <summary>The model or the upscaler is there and cannot be used.</summary>
    ModelFailed,

    /// <summary>Pictures of waiting jobs fill their memory.</summary>
    InputsFull,

    /// <summary>There is no space for what was sent, or for what was made.</summary>
    DiskFull,

    /// <summary>The store of what was made was away for too long.</summary>
    StoreUnavailable,

    QueueFull,

    /// <summary>A limit of the caller's own.</summary>
    CallerFull,

    KeyReused,
    StorageFull,
    NotEnoughMemory,
    ShuttingDown,
    Cancelled,
    Expired,
    NonFinite,
    GraphMismatch,
    LoraMismatch,
    NotObservable,
    DeviceFailed,
    WorkerCrashed,

    /// <summary>A bug, or a dead device; the log has more.</summary>
    Internal,
}
