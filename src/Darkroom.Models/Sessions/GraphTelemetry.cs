using System.Diagnostics.Metrics;

namespace Darkroom.Models.Sessions;

/// <summary>Time spent inside ONNX Runtime, by part of a model: everything else is our own overhead.</summary>
public static class GraphTelemetry
{
    public const string MeterName = "Darkroom.Models";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Histogram<double> RunDuration =
        Meter.CreateHistogram<double>("darkroom.graph.run.duration", "s", "One call of a graph, from inputs in place to outputs in place.");

    internal static void Ran(string part, TimeSpan took) => RunDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("part", part));
}
