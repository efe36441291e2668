using System.Diagnostics.Metrics;

namespace Darkroom.Engine.Telemetry;

/// <summary>What became of previews: shown, passed over for a newer one, or not possible.</summary>
internal sealed class PreviewTelemetry
{
    private readonly Counter<long> previews;

    public PreviewTelemetry(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        previews = meters.Create("Darkroom.Engine").CreateCounter<long>("darkroom.previews", "{preview}", "Previews that were due, by outcome.");
    }

    public void Shown() => Count("shown");

    public void PassedOver() => Count("passed_over");

    public void Failed() => Count("failed");

    private void Count(string outcome) => previews.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
