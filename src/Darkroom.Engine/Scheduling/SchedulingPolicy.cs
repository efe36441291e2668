namespace Darkroom.Engine.Scheduling;

/// <summary>What an operator wants of the step scheduler.</summary>
public enum SchedulingTarget
{
    /// <summary>A batch grows only where the rows in it hardly notice.</summary>
    Latency,

    /// <summary>The mean time to a finished picture is as short as it can be.</summary>
    Balanced,

    /// <summary>The largest batches that are allowed.</summary>
    Throughput,
}

/// <summary>The step scheduler's settings and constants.</summary>
internal sealed record SchedulingPolicy
{
    /// <summary>Rows of one call, where the settings do not say.</summary>
    public const int DefaultMaxBatch = 8;

    public SchedulingTarget Target { get; init; } = SchedulingTarget.Balanced;

    /// <summary>Maximum of rows of one call, at least 1. The lanes of a row count once.</summary>
    public int MaxBatch { get; init; } = DefaultMaxBatch;

    /// <summary>
    /// Seconds that calls of other stages may take between two steps of a row that denoises; one call is always allowed, however long a single
    /// evaluation takes.
    /// </summary>
    public double HoldUp { get; init; } = 0.25;

    /// <summary>What a network call may take before it is stopped; null: by its estimate.</summary>
    public TimeSpan? CallTimeout { get; init; }

    /// <summary>How many times shorter a job of high priority is taken to be than it is; a low one as many times longer.</summary>
    public double PriorityFactor { get; init; } = 8;

    /// <summary>Times its own length that a job may be old before it is late (<see cref="StarvationGuard"/>).</summary>
    public double LateStretch { get; init; } = 4;

    /// <summary>Times what it would take if all jobs took turns evenly that it may be old as well.</summary>
    public double LateAfterTurns { get; init; } = 3;

    /// <summary>Share of a device at which late jobs get on, all of them together.</summary>
    public double LateShare { get; init; } = 0.25;

    /// <summary>Every so many decisions a batch size that was never measured is tried, where rows for it are ready.</summary>
    public int TryEvery { get; init; } = 16;

    /// <summary>Seconds that a call may be guessed to take for that: nobody waits long for what is only to be found out.</summary>
    public double TryMaxSeconds { get; init; } = 0.5;
}
