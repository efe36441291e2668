using Darkroom.Engine.Scheduling;

namespace Darkroom.Engine;

/// <summary>The engine's settings, under <c>Darkroom:Engine</c>.</summary>
public sealed record EngineOptions
{
    /// <summary>Most rows of one denoiser call, 1…64.</summary>
    public int MaxBatch { get; init; } = 8;

    /// <summary>What batches are formed for.</summary>
    public SchedulingTarget Target { get; init; } = SchedulingTarget.Balanced;

    /// <summary>Most jobs that wait, 1…100,000; more are refused with 503.</summary>
    public int MaxQueued { get; init; } = 256;

    /// <summary>Threads inside one run of a graph; 0: one for each core.</summary>
    public int Threads { get; init; }

    /// <summary><c>cpu</c> or <c>cuda</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Which GPU, for <c>cuda</c>.</summary>
    public int DeviceId { get; init; }

    /// <summary>Memory for encoded texts, MiB, 0…65,536.</summary>
    public int ConditioningCacheMiB { get; init; } = 64;

    /// <summary>Memory that one picture may need, MiB; null: what the machine has free.</summary>
    public long? MemoryLimitMiB { get; init; }

    internal SchedulingPolicy Policy => new() { Target = Target, MaxBatch = MaxBatch };

    /// <summary>Threads of a CPU device.</summary>
    internal int CpuThreads => Threads > 0 ? Threads : Environment.ProcessorCount;
}
