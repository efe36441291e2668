using System.Diagnostics.Metrics;

namespace Darkroom.Models.Sessions;

/// <summary>Time spent inside ONNX Runtime, by part of a model (everything else is our own overhead), and the traffic of parts in and out of memory.</summary>
public static class GraphTelemetry
{
    public const string MeterName = "Darkroom.Models";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Histogram<double> RunDuration =
        Meter.CreateHistogram<double>("darkroom.graph.run.duration", "s", "One call of a graph, from inputs in place to outputs in place.");

    private static readonly Counter<long> PartsOpened = Meter.CreateCounter<long>("darkroom.part.opened", "{part}", "Parts that came into a device's memory.");

    private static readonly Counter<long> PartsEvicted = Meter.CreateCounter<long>("darkroom.part.evicted", "{part}", "Parts that left it for another's sake.");

    internal static void Opened() => PartsOpened.Add(1);

    internal static void Evicted() => PartsEvicted.Add(1);

    internal static void Ran(string part, TimeSpan took) => RunDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("part", part));
}
