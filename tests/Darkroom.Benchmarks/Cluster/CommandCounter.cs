using System.Diagnostics.Metrics;

namespace Darkroom.Benchmarks.Cluster;

/// <summary>Counts what Npgsql sends in this process, by its own meter: a batch is one. Commits are not counted.</summary>
internal sealed class CommandCounter : IDisposable
{
    private readonly MeterListener listener = new();
    private long sent;

    public CommandCounter()
    {
        listener.InstrumentPublished = static (instrument, self) =>
        {
            if (instrument.Meter.Name == "Npgsql" && instrument.Name is "db.client.operation.duration" or "db.client.commands.duration")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref sent));
        listener.Start();
    }

    public long Sent => Interlocked.Read(ref sent);

    public void Dispose() => listener.Dispose();
}
