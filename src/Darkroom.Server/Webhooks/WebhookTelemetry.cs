using System.Diagnostics.Metrics;

namespace Darkroom.Server.Webhooks;

/// <summary>What became of tries to tell receivers.</summary>
internal sealed class WebhookTelemetry(IMeterFactory meters)
{
    public const string MeterName = "Darkroom.Server.Webhooks";

    private readonly Counter<long> tries = meters.Create(MeterName).CreateCounter<long>(
        "darkroom.webhook.deliveries", "{try}", "Tries to tell a webhook of a job's end, by outcome.");

    public void Delivered() => Count("delivered");

    public void Failed() => Count("failed");

    public void GivenUp() => Count("given_up");

    private void Count(string outcome) => tries.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
