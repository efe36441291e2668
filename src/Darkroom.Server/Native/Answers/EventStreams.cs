using System.Diagnostics.Metrics;

namespace Darkroom.Server.Native.Answers;

/// <summary>How many readers follow jobs now.</summary>
internal sealed class EventStreams
{
    public const string MeterName = "Darkroom.Server";

    private int open;

    public EventStreams(IMeterFactory meters) =>
        meters.Create(MeterName).CreateObservableUpDownCounter("darkroom.event_streams.open", () => Open, "{stream}", "Readers of job events.");

    public int Open => Volatile.Read(ref open);

    /// <summary>A reader, until it is disposed of.</summary>
    public IDisposable Enter()
    {
        Interlocked.Increment(ref open);
        return new Reader(this);
    }

    private sealed class Reader(EventStreams streams) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref streams.open);
    }
}
