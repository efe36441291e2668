using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;
using Darkroom.Models.Residency;

namespace Darkroom.Engine;

/// <summary>The engine's settings, under <c>Darkroom:Engine</c>.</summary>
public sealed record EngineOptions
{
    /// <summary>Maximum of rows of one denoiser call, 1…64.</summary>
    public int MaxBatch { get; init; } = SchedulingPolicy.DefaultMaxBatch;

    /// <summary>What batches are formed for.</summary>
    public SchedulingTarget Target { get; init; } = SchedulingTarget.Balanced;

    /// <summary>Maximum of jobs that wait, 1…100,000; more are refused with 503.</summary>
    public int MaxQueued { get; init; } = 256;

    /// <summary>Maximum of megapixel-steps that wait, above 0; more are refused with 503. null: no limit.</summary>
    public double? MaxQueuedCost { get; init; }

    /// <summary>Deaths of its worker at which a job fails, 1…1000.</summary>
    public int MaxCrashes { get; init; } = Job.DefaultMaxCrashes;

    /// <summary>How long a process that is silent keeps its jobs, where several share them.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where pictures are made; at least one.</summary>
    public IReadOnlyList<DeviceSpec> Devices { get; init; } = [new DeviceSpec()];

    /// <summary>Memory for encoded texts, MiB, 0…65,536.</summary>
    public int ConditioningCacheMiB { get; init; } = 64;

    /// <summary>Memory that one picture may need, MiB; null: what <see cref="Memory"/> has for it.</summary>
    public long? MemoryLimitMiB { get; init; }

    /// <summary>
    /// Pixels of a tile's own share above which an autoencoder takes a picture in tiles, 128…8192; null: where the whole needs more memory than there is.
    /// </summary>
    public int? VaeTile { get; init; }

    /// <summary>How the process's memory is divided.</summary>
    public MemoryLimits Memory { get; init; } = MemoryLimits.OfProcess;

    /// <summary>File that what calls cost is kept in; null: it is learned again by each process.</summary>
    public string? CostsPath { get; init; }

    /// <summary>What a network call may take before it is stopped, 1 s…1 day; null: the larger of 20 s and 20 times its estimate.</summary>
    public TimeSpan? CallTimeout { get; init; }

    internal SchedulingPolicy Policy => new() { Target = Target, MaxBatch = MaxBatch, CallTimeout = CallTimeout };
}
