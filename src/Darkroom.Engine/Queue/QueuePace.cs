namespace Darkroom.Engine.Queue;

/// <summary>How fast the queue moves: the loop measures it, and who finds the queue full is told when to come again. Any thread may ask.</summary>
internal sealed class QueuePace(EngineOptions options)
{
    private double jobSeconds;

    /// <summary>Seconds of all devices together that a job takes, as a mean of the last ones.</summary>
    public double JobSeconds
    {
        get => Volatile.Read(ref jobSeconds);
        set => Volatile.Write(ref jobSeconds, value);
    }

    /// <summary>A tenth of a full queue has been worked off by then.</summary>
    public TimeSpan RetryAfter => TimeSpan.FromSeconds(Math.Clamp(JobSeconds * options.MaxQueued / 10, 1, 60));
}
