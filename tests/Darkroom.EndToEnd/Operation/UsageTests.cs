using System.Text.Json;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Operation;

/// <summary>What work took is told with it, and counted for as long as the server keeps its data.</summary>
public sealed class UsageTests
{
    [Fact]
    public async Task Jobs_tell_what_they_took_and_the_sum_is_there_after_a_restart()
    {
        using var data = new TemporaryData();
        double seconds;
        await using (var server = await StartedServer.StartAsync(dataPath: data.Path))
        {
            var answer = (await server.Client.PostAsync(new { prompt = "x", steps = 4, count = 2, upscale = (object?)null })).Succeeded();
            var usage = answer.GetProperty("usage");
            seconds = usage.GetProperty("device_seconds").GetDouble();
            Assert.True(seconds > 0 && usage.GetProperty("processor_seconds").GetDouble() > 0, usage.ToString());
            Assert.True(usage.GetProperty("megapixel_steps").GetDouble() > 0);
            var job = await server.Client.JobAsync(answer.GetProperty("id").GetString()!);
            Assert.Equal(usage.ToString(), job.GetProperty("usage").ToString());

            string id = await server.Client.BeginAsync(new { prompt = "y", steps = 150, sampler = "heun", count = 4 });
            await Calls.UntilAsync("it runs", async () =>
                (await server.Client.JobAsync(id)).GetProperty("progress").GetProperty("step").GetInt32() > 2);
            await server.Client.CancelAsync(id);
            await Calls.UntilAsync("what it took is told", async () => (await server.Client.JobAsync(id)).TryGetProperty("usage", out _));
            await Calls.UntilAsync("and counted", async () => Total(await UsageAsync(server)).GetProperty("device_seconds").GetDouble() > seconds);
        }

        await using var again = await StartedServer.StartAsync(dataPath: data.Path);
        var total = Total(await UsageAsync(again));
        Assert.Equal((1, 0, 1), (total.GetProperty("jobs").GetProperty("succeeded").GetInt32(), total.GetProperty("jobs").GetProperty("failed").GetInt32(),
            total.GetProperty("jobs").GetProperty("cancelled").GetInt32()));
        Assert.Equal(2, total.GetProperty("pictures").GetInt32());
        Assert.True(total.GetProperty("device_seconds").GetDouble() > seconds);
        Assert.Equal(0, Total((await again.Client.FetchAsync("/v1/usage?from=2020-01-01&to=2020-12-31")).Succeeded()).GetProperty("pictures").GetInt32());
    }

    private static async Task<JsonElement> UsageAsync(StartedServer server) => (await server.Client.FetchAsync("/v1/usage")).Succeeded();

    private static JsonElement Total(JsonElement usage) => usage.GetProperty("total");

    private sealed class TemporaryData : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("darkroom-usage-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
