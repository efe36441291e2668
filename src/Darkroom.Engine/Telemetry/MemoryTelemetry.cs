using System.Diagnostics.Metrics;

namespace Darkroom.Engine.Telemetry;

/// <summary>What was done about calls that ran out of memory.</summary>
internal sealed class MemoryTelemetry
{
    private readonly Counter<long> actions;

    public MemoryTelemetry(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        actions = meters.Create(JobTelemetry.MeterName).CreateCounter<long>("darkroom.oom", "{action}", "What was done about calls that ran out of memory.");
    }

    /// <summary>The session was to give back what it can, and the call was tried again.</summary>
    public void Shrunk() => Count("shrink");

    /// <summary>The call was tried again in two halves.</summary>
    public void Halved() => Count("halve");

    /// <summary>What was left alone got a new session.</summary>
    public void Rebuilt() => Count("rebuild");

    /// <summary>Nothing helped: a picture's job failed.</summary>
    public void Failed() => Count("fail");

    private void Count(string action) => actions.Add(1, new KeyValuePair<string, object?>("action", action));
}
