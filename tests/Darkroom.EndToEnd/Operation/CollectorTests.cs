using System.Text;
using Darkroom.TestKit;
using Darkroom.TestKit.Web;

namespace Darkroom.EndToEnd.Operation;

/// <summary>What a collector gets of a server that OpenTelemetry's own variables point at it.</summary>
public sealed class CollectorTests
{
    private const string Canary = "canarycollector4410";

    [Fact]
    public async Task Collector_gets_traces_and_metrics_and_no_prompt()
    {
        await using var collector = await WebhookReceiver.StartAsync();
        await using var server = await StartAsync(collector);
        string id = await server.Client.BeginAsync(new { prompt = Canary, negative_prompt = Canary, steps = 3, upscale = (object?)null });
        await server.Client.FetchAsync($"/v1/{Canary}?prompt={Canary}"); // 404
        await Calls.UntilAsync("the job's trace is there", () => Task.FromResult(
            Bodies(collector, "/v1/traces").Contains("job txt2img", StringComparison.Ordinal)
            && Bodies(collector, "/v1/metrics").Contains("darkroom.jobs", StringComparison.Ordinal)));

        string traces = Bodies(collector, "/v1/traces"), metrics = Bodies(collector, "/v1/metrics");
        foreach (string part in (string[])["service.name", "darkroom-test", "batch denoise", "call unet", "gen_ai.operation.name", "/v1/txt2img", id])
            Assert.Contains(part, traces, StringComparison.Ordinal);
        Assert.Contains("darkroom-test", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain(id, metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("/readyz", traces, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, traces + metrics, StringComparison.Ordinal);
        Assert.All(collector.Calls, call => Assert.Equal("application/x-protobuf", call.Headers["Content-Type"]));
    }

    [Fact]
    public async Task Sampler_of_the_environment_decides_what_is_traced()
    {
        await using var collector = await WebhookReceiver.StartAsync();
        await using var server = await StartAsync(collector, ("OTEL_TRACES_SAMPLER", "always_off"));
        await server.Client.PostAsync(new { prompt = "a fox", steps = 2, upscale = (object?)null });
        await Calls.UntilAsync("metrics are there", () => Task.FromResult(
            Bodies(collector, "/v1/metrics").Contains("darkroom.jobs", StringComparison.Ordinal)));
        Assert.DoesNotContain(collector.Calls, call => call.Path == "/v1/traces");
    }

    private static Task<StartedServer> StartAsync(WebhookReceiver collector, params (string Name, string Value)[] more) => StartedServer.StartAsync(
        environment:
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Origin), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_SERVICE_NAME", "darkroom-test"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "500"), ("OTEL_BSP_SCHEDULE_DELAY", "200"), .. more,
        ]);

    /// <summary>All that was sent to an address, as far as it is text: names and values stand in a protobuf as they are.</summary>
    private static string Bodies(WebhookReceiver collector, string path) =>
        string.Concat(collector.Calls.Where(call => call.Path == path).Select(call => Encoding.Latin1.GetString(call.Body)));
}
