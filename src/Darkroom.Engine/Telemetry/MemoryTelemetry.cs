using System.Diagnostics.Metrics;

namespace Darkroom.Engine.Telemetry;

/// <summary>
/// What was done about calls that ran out of memory. Each count is told from 0 on: of a series that begins with its first event a rate does not see that event.
/// </summary>
internal sealed class MemoryTelemetry
{
    private static readonly string[] Actions = ["shrink", "halve", "rebuild", "fail"];

    private readonly long[] counts = new long[Actions.Length];

    public MemoryTelemetry(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        meters.Create(JobTelemetry.MeterName).CreateObservableCounter(
            "darkroom.oom",
            () => Actions.Select((action, at) => new Measurement<long>(Interlocked.Read(ref counts[at]), new KeyValuePair<string, object?>("action", action))),
            "{action}", "What was done about calls that ran out of memory.");
    }

    /// <summary>The session was to give back what it can, and the call was tried again.</summary>
    public void Shrunk() => Interlocked.Increment(ref counts[0]);

    /// <summary>The call was tried again in two halves.</summary>
    public void Halved() => Interlocked.Increment(ref counts[1]);

    /// <summary>What was left alone got a new session.</summary>
    public void Rebuilt() => Interlocked.Increment(ref counts[2]);

    /// <summary>Nothing helped: a picture's job failed.</summary>
    public void Failed() => Interlocked.Increment(ref counts[3]);
}
