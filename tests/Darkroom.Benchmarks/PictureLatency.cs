using System.Diagnostics;
using System.Net.Http.Json;
using Darkroom.TestKit;

namespace Darkroom.Benchmarks;

/// <summary>
/// One starter picture of 20 guided steps over HTTP, from POST to PNG, as the network draws it (64×64) and with the model's upscaler (256×256), by turns;
/// and how much of the engine's time was not ONNX Runtime.
/// </summary>
internal static class PictureLatency
{
    private const string Prompt = "red apple, 3d render";

    public static async Task RunAsync()
    {
        await using var server = await StartedServer.StartAsync();
        object raw = new { prompt = Prompt, seed = 42, steps = 20, upscale = (object?)null }, upscaled = new { prompt = Prompt, seed = 42, steps = 20 };
        for (int i = 0; i < 5; i++)
        {
            await PostAsync(server, raw);
            await PostAsync(server, upscaled);
        }

        var (small, large) = (new List<(double, double)>(), new List<(double, double)>());
        for (int i = 0; i < 30; i++)
        {
            small.Add(await PostAsync(server, raw));
            large.Add(await PostAsync(server, upscaled));
        }

        Tell("64×64, \"upscale\": null", small);
        Tell("256×256, the model's upscaler", large);
        Console.WriteLine($"resident {server.ResidentBytes / 1048576.0:F0} MiB");
        await EngineShare.RunAsync(types: false);
    }

    private static void Tell(string what, List<(double Wall, double Processor)> took)
    {
        double[] wall = [.. took.Select(one => one.Wall).Order()];
        Console.WriteLine(
            $"POST to PNG, 20 guided steps, {what}: median {wall[wall.Length / 2]:F1} ms, {wall[0]:F1} to {wall[^1]:F1} ms over {wall.Length}; " +
            $"the server's processor time {took.Average(one => one.Processor):F0} ms a picture");
    }

    // Milliseconds by the clock, and of the server's threads.
    private static async Task<(double Wall, double Processor)> PostAsync(StartedServer server, object body)
    {
        using var process = Process.GetProcessById(server.Id);
        var before = process.TotalProcessorTime;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/txt2img") { Content = JsonContent.Create(body) };
        request.Headers.Accept.ParseAdd("image/png");
        long started = Stopwatch.GetTimestamp();
        using var answer = await server.Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        _ = await answer.Content.ReadAsByteArrayAsync();
        double wall = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        process.Refresh();
        return (wall, (process.TotalProcessorTime - before).TotalMilliseconds);
    }
}
