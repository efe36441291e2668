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
        runDuration = meter.CreateHistogram(
            "darkroom.graph.run.duration", "s", "One call of a graph, from inputs in place to outputs in place.", advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
            });
        partsOpened = meter.CreateCounter<long>("darkroom.part.opened", "{part}", "Parts that came into a device's memory.");
        partsEvicted = meter.CreateCounter<long>("darkroom.part.evicted", "{part}", "Parts that left it for another's sake.");
    }

    internal void Opened() => partsOpened.Add(1);

    internal void Evicted() => partsEvicted.Add(1);

    internal void Ran(string part, TimeSpan took) => runDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("part", part));
}
