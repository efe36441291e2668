namespace Darkroom.Engine.Jobs;

/// <summary>Why a job failed. A closed set: the server has one table from kind to status code, problem type and whether a retry may help.</summary>
/// <param name="Kind">Which of the set.</param>
/// <param name="Detail">One sentence for the caller, without internals.</param>
public sealed record JobFailure(JobFailureKind Kind, string Detail)
{
    /// <summary>The managed heap's limit was reached; a graph that runs out of memory says so itself.</summary>
    public static JobFailure NoMemory { get; } = new(JobFailureKind.OutOfMemory, "The server had not enough memory to work on this picture.");
}

public enum JobFailureKind
{
    /// <summary>The model is gone or could not be loaded.</summary>
    ModelUnavailable,

    /// <summary>The network answered with values that are not finite.</summary>
    NonFinite,

    /// <summary>The graph refused its inputs or answered in an unexpected shape.</summary>
    GraphMismatch,

    /// <summary>A LoRA does not fit the model.</summary>
    LoraMismatch,

    /// <summary>What was asked to be read from inside of the model is not there.</summary>
    NotObservable,

    /// <summary>Not enough memory for this picture now.</summary>
    OutOfMemory,

    /// <summary>The device failed at this picture, and again on a new session.</summary>
    DeviceFailed,

    /// <summary>The finished picture could not be stored: there is no space left.</summary>
    DiskFull,

    /// <summary>The finished picture could not be stored: the store was away for too long.</summary>
    StoreUnavailable,

    /// <summary>The process that ran it died, as often as may be.</summary>
    WorkerCrashed,

    /// <summary>The server stopped before the job was done.</summary>
    ShuttingDown,

    /// <summary>A bug or a dead device; the log has the id.</summary>
    Internal,
}
