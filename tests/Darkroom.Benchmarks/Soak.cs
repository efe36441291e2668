using System.Net.Http.Json;
using Darkroom.TestKit;

namespace Darkroom.Benchmarks;

/// <summary>Many small pictures in a row: resident memory must end where it began.</summary>
internal static class Soak
{
    public static async Task RunAsync(int pictures)
    {
        await using var server = await StartedServer.StartAsync();
        for (int i = 0; i <= pictures; i++)
        {
            using var answer = await server.Client.PostAsJsonAsync("/v1/txt2img", new
            {
                prompt = $"red apple {i % 40}", seed = i, steps = 4, upscale = (object?)null, @return = "url",
            });
            answer.EnsureSuccessStatusCode();
            if (i % (pictures / 10) == 0) Console.WriteLine($"after {i,5} pictures: resident {server.ResidentBytes / 1048576.0:F0} MiB");
        }
    }
}
