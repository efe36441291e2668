using System.Diagnostics.Metrics;

namespace Darkroom.Models.Sessions;

/// <summary>Time spent inside ONNX Runtime, by part of a model (everything else is our own overhead), and the traffic of parts in and out of memory.</summary>
public sealed class GraphTelemetry
{
    public const string MeterName = "Darkroom.Models";

    private readonly Histogram<double> runDuration;
    private readonly Counter<long> partsOpened, partsEvicted;

    public GraphTelemetry(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(MeterName);
        runDuration = meter.CreateHistogram<double>("darkroom.graph.run.duration", "s", "One call of a graph, from inputs in place to outputs in place.");
        partsOpened = meter.CreateCounter<long>("darkroom.part.opened", "{part}", "Parts that came into a device's memory.");
        partsEvicted = meter.CreateCounter<long>("darkroom.part.evicted", "{part}", "Parts that left it for another's sake.");
    }

    internal void Opened() => partsOpened.Add(1);

    internal void Evicted() => partsEvicted.Add(1);

    internal void Ran(string part, TimeSpan took) => runDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("part", part));
}
