namespace Darkroom.Engine.Devices;

/// <summary>What a device is doing.</summary>
public enum DeviceState
{
    /// <summary>It waits for a call.</summary>
    Idle,
    Working,

    /// <summary>It did not come back from a call: nothing runs on it any more.</summary>
    GivenUp,

    /// <summary>It is another process's, or the engine does not answer.</summary>
    Unknown,
}

/// <summary>A device as it was when somebody looked.</summary>
public sealed record DeviceReport
{
    /// <summary>Id of the process that has it; null: this one.</summary>
    public string? Worker { get; init; }

    /// <summary>Its number in its process, from 0.</summary>
    public required int Index { get; init; }

    /// <summary><c>cpu</c> or <c>cuda</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>CUDA's number of it; 0 for a CPU.</summary>
    public required int Id { get; init; }

    /// <summary>What its maker calls it.</summary>
    public required string Name { get; init; }

    public DeviceState State { get; init; } = DeviceState.Unknown;

    /// <summary>Threads of a wide call; 1 for a GPU.</summary>
    public required int Threads { get; init; }

    /// <summary>Rows of a denoiser's call at most.</summary>
    public required int MaxBatch { get; init; }

    /// <summary>Weights that may be in its memory, in bytes; null: no limit is set.</summary>
    public long? WeightLimitBytes { get; init; }

    /// <summary>Weights in its memory, in bytes; null: not known here.</summary>
    public long? WeightBytes { get; init; }

    /// <summary>What the process has of the machine's memory; null where the device has its own, or that is not counted.</summary>
    public LedgerReport? Memory { get; init; }

    /// <summary>Whether it tells its energy; null: not known here.</summary>
    public bool? TellsEnergy { get; init; }

    public IReadOnlyList<ResidentModel> Models { get; init; } = [];

    public IReadOnlyList<RunningCall> Calls { get; init; } = [];

    public IReadOnlyList<BatchLimit> BatchLimits { get; init; } = [];
}

/// <summary>What weights and calls of a process have of the machine's memory, in bytes.</summary>
/// <param name="LimitBytes">For both together.</param>
/// <param name="WeightBytes">Of weights in memory, over all its devices that share it.</param>
/// <param name="CallBytes">That calls which run now said they need.</param>
/// <param name="CallLimitBytes">That may be for calls now.</param>
public sealed record LedgerReport(long LimitBytes, long WeightBytes, long CallBytes, long CallLimitBytes);

/// <summary>A model or an upscaler with parts in a device's memory.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Bytes">Of its parts there; null: not known here.</param>
/// <param name="IsInUse">Whether somebody works with any of them; null: not known here.</param>
/// <param name="IdleSeconds">Since any was used last; null: not known here.</param>
/// <param name="Parts">Names of them.</param>
public sealed record ResidentModel(string Id, long? Bytes, bool? IsInUse, double? IdleSeconds, IReadOnlyList<string> Parts);

/// <summary>A call that runs.</summary>
/// <param name="Model">Whose network it calls.</param>
/// <param name="Stage">Which network: denoiser, decoder …</param>
/// <param name="Rows">Pictures in it.</param>
/// <param name="Seconds">Since it was given to the device.</param>
/// <param name="Estimate">Seconds that it was expected to take.</param>
public sealed record RunningCall(string Model, string Stage, int Rows, double Seconds, double Estimate);

/// <summary>How many evaluations of a network fit in a call, after more ran out of memory; a row under guidance has two.</summary>
/// <param name="Model">Whose network.</param>
/// <param name="Stage">Which.</param>
/// <param name="Width">Of the latents, or of an upscaler's tile.</param>
/// <param name="Height">The same.</param>
/// <param name="Evaluations">That fit.</param>
public sealed record BatchLimit(string Model, string Stage, int Width, int Height, int Evaluations);
