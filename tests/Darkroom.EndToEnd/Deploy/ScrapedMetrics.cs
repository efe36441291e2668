using System.Text.RegularExpressions;
using Darkroom.TestKit;
using Darkroom.TestKit.Web;

namespace Darkroom.EndToEnd.Deploy;

/// <summary>
/// What Prometheus would find of a server that went through everything that it counts: jobs with previews and a webhook, a device that is too small for the
/// model's parts, a caller without a key, and a process that was killed with a job in hand.
/// </summary>
internal sealed partial class ScrapedMetrics
{
    private const string Key = "a-key-of-this-test-alone", MetricsKey = "a-key-for-metrics-alone";

    private ScrapedMetrics(string text)
    {
        foreach (string line in text.Split('\n'))
            if (Series().Match(line) is { Success: true } series)
            {
                if (!Labels.TryGetValue(series.Groups[1].Value, out var labels)) Labels.Add(series.Groups[1].Value, labels = []);
                labels.UnionWith(Label().Matches(series.Groups[2].Value).Select(match => (match.Groups[1].Value, match.Groups[2].Value)));
            }
    }

    /// <summary>Names of series, as Prometheus has them, with labels and their values.</summary>
    public SortedDictionary<string, HashSet<(string Name, string Value)>> Labels { get; } = new(StringComparer.Ordinal);

    public static async Task<ScrapedMetrics> OfAsync()
    {
        string data = Directory.CreateTempSubdirectory("darkroom-data-").FullName;
        await using var receiver = await WebhookReceiver.StartAsync();
        object order = new
        {
            prompt = "fox", seed = 1, steps = 20, preview_every = 2, upscale = new { model = "realesr-animevideov3-x4" },
            webhook = new { url = receiver.Url, events = new[] { "succeeded" } },
        };
        await using (var killed = await StartAsync(data, receiver))
        {
            string left = await killed.Client.BeginAsync(new { prompt = "fox", seed = 1, steps = 150, count = 4 });
            await Calls.UntilAsync("a job runs", async () => (await killed.Client.JobAsync(left)).GetProperty("status").GetString() == "running");
            await killed.KillAsync();
        }
        string text = "";
        await using (var server = await StartAsync(data, receiver))
        {
            string id = await server.Client.BeginAsync(order);
            await server.Client.GetStringAsync($"/v1/jobs/{id}/events");
            await Calls.UntilAsync("the webhook was called", () => Task.FromResult(!receiver.Calls.IsEmpty));
            using var stranger = new HttpClient { BaseAddress = server.Client.BaseAddress };
            Assert.Equal(401, (await stranger.FetchAsync("/v1/jobs")).Status);
            stranger.DefaultRequestHeaders.Authorization = new("Bearer", MetricsKey);
            await Calls.UntilAsync("the delivery is counted", async () =>
                (text = await stranger.GetStringAsync("/metrics")).Contains("darkroom_webhook_deliveries_total", StringComparison.Ordinal));
        }
        Directory.Delete(data, recursive: true);
        return new(text);
    }

    private static async Task<StartedServer> StartAsync(string data, WebhookReceiver receiver)
    {
        var server = await StartedServer.StartAsync(null, data, ("Darkroom__ApiKey", Key), ("Darkroom__MetricsKey", MetricsKey),
            ("Darkroom__Webhooks__Allowed", receiver.Origin), ("Darkroom__Engine__ModelMemoryMiB", "18"));
        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        return server;
    }

    [GeneratedRegex(@"^([a-z_:][a-z0-9_:]*)(?:\{(.*)\})? \S")]
    private static partial Regex Series();

    [GeneratedRegex("""([a-z_]+)="([^"]*)"[,}]?""")]
    private static partial Regex Label();
}
