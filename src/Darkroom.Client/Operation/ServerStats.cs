namespace Darkroom.Client.Operation;

/// <summary>What the server is at, now and in the last minute.</summary>
public sealed record ServerStats
{
    /// <summary>Of Darkroom.</summary>
    public required string Version { get; init; }

    /// <summary>What this process does: <c>all</c>, <c>api</c> or <c>worker</c>.</summary>
    public required string Role { get; init; }

    /// <summary>Seconds since it started.</summary>
    public required double Uptime { get; init; }

    /// <summary>Jobs that wait and run.</summary>
    public required QueueStats Queue { get; init; }

    /// <summary>The devices of this process; null where it has none, as with the role <c>api</c>.</summary>
    public IReadOnlyList<DeviceStats>? Devices { get; init; }

    /// <summary>What this process's memory is used for; <c>process</c> is all of it.</summary>
    public required IReadOnlyList<MemoryStats> Memory { get; init; }

    /// <summary>Calls of denoisers on this process's devices; null where it has none.</summary>
    public BatchStats? Batches { get; init; }

    /// <summary>What this process finished; null where it has no devices.</summary>
    public RateStats? Rates { get; init; }

    /// <summary>The workers that live, as their cards tell; null where this process has devices of its own.</summary>
    public IReadOnlyList<WorkerStats>? Workers { get; init; }
}

/// <summary>The queue, of all processes that share it; a second old at most.</summary>
/// <param name="Waiting">Jobs that wait.</param>
/// <param name="Running">Jobs in flight.</param>
/// <param name="MegapixelSteps">Work that waits.</param>
/// <param name="Oldest">Seconds that the oldest of them has waited; null where none waits.</param>
/// <param name="Paused">Whether waiting jobs stay where they are.</param>
public sealed record QueueStats(int Waiting, int Running, double MegapixelSteps, double? Oldest, bool Paused);

/// <summary>A device, now and in the last minute.</summary>
/// <param name="Index">0, 1 …, as settings, logs and metrics count them.</param>
/// <param name="Name"><c>cpu</c>, <c>cuda:0</c> …</param>
/// <param name="State"><c>idle</c>, <c>busy</c>, or <c>lost</c>: it did not come back from a call.</param>
/// <param name="Busy">Share of the last minute in which a call ran: 0…1.</param>
/// <param name="UsedBytes">Weights in its memory.</param>
/// <param name="BudgetBytes">Weights that may be; null where there is no limit.</param>
/// <param name="Loaded">Those weights, the least recently used first.</param>
/// <param name="Calls">What runs on it now.</param>
public sealed record DeviceStats(
    int Index, string Name, string State, double Busy, long UsedBytes, long? BudgetBytes, IReadOnlyList<LoadedStats> Loaded, IReadOnlyList<CallStats> Calls);

/// <summary>Weights in a device's memory.</summary>
/// <param name="Part">Model and part: <c>starter/unet</c>.</param>
/// <param name="Bytes">Of its weights.</param>
/// <param name="State"><c>opening</c>, <c>held</c> by those who work with it, or <c>idle</c>: it leaves when others need the room.</param>
public sealed record LoadedStats(string Part, long Bytes, string State);

/// <summary>A call that runs.</summary>
/// <param name="Stage">Kind of the network: denoiser, decoder …</param>
/// <param name="Model">Its model.</param>
/// <param name="Rows">Pictures that share it.</param>
/// <param name="Seconds">How long it has run.</param>
public sealed record CallStats(string Stage, string Model, int Rows, double Seconds);

/// <summary>A use of the process's memory.</summary>
/// <param name="Part"><c>weights</c>, <c>arena</c> (what calls hold), <c>calls</c> (what running ones said they may need), <c>rows</c>, <c>inputs</c>,
/// <c>decoded</c>, <c>pictures</c> (finished ones, of a store in memory) or <c>process</c>.</param>
/// <param name="Bytes">Now.</param>
/// <param name="LimitBytes">The most that it may be; null where there is no limit of its own.</param>
public sealed record MemoryStats(string Part, long Bytes, long? LimitBytes);

/// <summary>Calls of denoisers.</summary>
/// <param name="Calls">In the last minute.</param>
/// <param name="MeanRows">Pictures that shared one, in the mean; null where there were none.</param>
public sealed record BatchStats(double Calls, double? MeanRows);

/// <summary>What a second gave, in the mean of the last minute; only what succeeded counts.</summary>
/// <param name="Jobs">A second.</param>
/// <param name="Pictures">A second.</param>
/// <param name="MegapixelSteps">A second.</param>
public sealed record RateStats(double Jobs, double Pictures, double MegapixelSteps);

/// <summary>A process that makes pictures for this one.</summary>
/// <param name="Id">Of its process.</param>
/// <param name="Devices">Their names.</param>
/// <param name="Ready">Models that are open there.</param>
/// <param name="Models">All models that it has.</param>
/// <param name="MemoryBytes">What its process may have.</param>
public sealed record WorkerStats(string Id, IReadOnlyList<string> Devices, IReadOnlyList<string> Ready, IReadOnlyList<string> Models, long MemoryBytes);
