using System.Diagnostics;
using System.Net.Http.Json;
using Darkroom.TestKit;

namespace Darkroom.Benchmarks;

/// <summary>One starter picture of 20 guided steps over HTTP, from POST to PNG, and how much of it was not ONNX Runtime.</summary>
internal static class PictureLatency
{
    public static async Task RunAsync()
    {
        await using var server = await StartedServer.StartAsync();
        for (int i = 0; i < 5; i++) await PostAsync(server.Client, i);
        var total = new List<double>();
        for (int i = 0; i < 30; i++) total.Add(await PostAsync(server.Client, 100 + i));
        total.Sort();
        Console.WriteLine($"POST to PNG, 20 guided steps: median {total[15]:F1} ms, {total[0]:F1} to {total[^1]:F1} ms over 30; resident {server.ResidentBytes / 1048576.0:F0} MiB");
        await EngineShare.RunAsync(types: false);
    }

    private static async Task<double> PostAsync(HttpClient client, int seed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/txt2img") { Content = JsonContent.Create(new { prompt = "red apple, 3d render", seed, steps = 20 }) };
        request.Headers.Accept.ParseAdd("image/png");
        long started = Stopwatch.GetTimestamp();
        using var answer = await client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        _ = await answer.Content.ReadAsByteArrayAsync();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
