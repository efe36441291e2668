using System.Diagnostics.Metrics;

namespace Darkroom.Engine;

/// <summary>What became of previews: shown, passed over for a newer one, or not possible.</summary>
internal static class PreviewTelemetry
{
    private static readonly Meter Meter = new("Darkroom.Engine");

    private static readonly Counter<long> Previews = Meter.CreateCounter<long>("darkroom.previews", "{preview}", "Previews that were due, by outcome.");

    public static void Shown() => Count("shown");

    public static void PassedOver() => Count("passed_over");

    public static void Failed() => Count("failed");

    private static void Count(string outcome) => Previews.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
