using System.Text.Json.Nodes;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Operation;

public sealed class StatsTests
{
    [Fact]
    public async Task Stats_tell_of_queue_devices_memory_and_rates()
    {
        await using var server = await RealServer.StartAsync();
        await server.PostAsync("""{"prompt":"canarystats6612","steps":5,"count":2,"width":64,"height":64,"upscale":null}""");
        var stats = await UntilAsync(server, now => (double)now["rates"]!["pictures"]! > 0 && (int)now["queue"]!["running"]! == 0);

        Assert.Equal("all", (string?)stats["role"]);
        Assert.True((double)stats["uptime"]! > 0);
        Assert.Equal((0, 0, false), ((int)stats["queue"]!["waiting"]!, (int)stats["queue"]!["running"]!, (bool)stats["queue"]!["paused"]!));
        var device = Assert.Single(stats["devices"]!.AsArray())!;
        Assert.Equal(("cpu", "idle"), ((string?)device["name"], (string?)device["state"]));
        Assert.InRange((double)device["busy"]!, 0.0001, 1);
        Assert.Contains(device["loaded"]!.AsArray(), part => (string?)part!["part"] == "starter/unet" && (long)part["bytes"]! > 100_000);
        var memory = stats["memory"]!.AsArray().ToDictionary(
            part => (string)part!["part"]!, part => (Bytes: (long)part!["bytes"]!, Limit: (long?)part["limit_bytes"]));
        Assert.Equal(["arena", "calls", "decoded", "inputs", "pictures", "process", "rows", "weights"], memory.Keys.Order(StringComparer.Ordinal));
        Assert.All(memory, part => Assert.True(part.Value.Limit > 0, part.Key));
        Assert.InRange(memory["pictures"].Bytes, 1000, 1_000_000);
        Assert.True(memory["arena"].Bytes > 0 && memory["process"].Bytes > memory["weights"].Bytes && memory["weights"].Bytes > 100_000);
        Assert.Equal((0L, 0L), (memory["rows"].Bytes, memory["calls"].Bytes));
        Assert.True((double)stats["batches"]!["calls"]! >= 5);
        Assert.InRange((double)stats["batches"]!["mean_rows"]!, 1, 2);
        // Two pictures in the time since the start, at most a minute.
        double pictures = (double)stats["rates"]!["pictures"]!, jobs = (double)stats["rates"]!["jobs"]!, work = (double)stats["rates"]!["megapixel_steps"]!;
        Assert.InRange(pictures, 2 / 60.1, 2);
        Assert.InRange(pictures / jobs, 1.9, 2.1);
        Assert.True(work > 0);
        Assert.DoesNotContain("canarystats", stats.ToJsonString());
    }

    [Fact]
    public async Task Stats_show_what_runs_and_what_waits()
    {
        await using var server = await RealServer.StartAsync();
        await server.PostAsync("""{"prompt":"a fox","steps":150,"count":8,"upscale":null}""", waits: false);
        var stats = await UntilAsync(
            server, now => now["devices"]![0]!["calls"]!.AsArray().Any(call => (string?)call!["stage"] == "denoise"));
        var device = stats["devices"]![0]!;
        Assert.Equal(("working", 1), ((string?)device["state"], (int)stats["queue"]!["running"]!));
        var call = device["calls"]!.AsArray().First(call => (string?)call!["stage"] == "denoise")!;
        Assert.Equal("starter", (string?)call["model"]);
        Assert.InRange((int)call["rows"]!, 1, 8);
        Assert.True(stats["memory"]!.AsArray().Single(part => (string?)part!["part"] == "rows")!["bytes"]!.GetValue<long>() > 0);
        using (await server.Client.PostAsync("/v1/queue/pause", null)) { }
        await server.PostAsync("""{"prompt":"a fox","upscale":null}""", waits: false);
        await UntilAsync(server, now => now["queue"]! is var queue
            && (int)queue["waiting"]! == 1 && (bool)queue["paused"]! && (double)queue["megapixel_steps"]! > 0 && queue["oldest"] is not null);
    }

    /// <summary>The first answer that <paramref name="holds"/>, within half a minute.</summary>
    private static async Task<JsonObject> UntilAsync(RealServer server, Func<JsonObject, bool> holds)
    {
        JsonObject stats = [];
        for (int i = 0; i < 1500; i++)
        {
            stats = JsonNode.Parse(await server.Client.GetStringAsync("/v1/stats"))!.AsObject();
            if (holds(stats)) return stats;
            await Task.Delay(20);
        }
        Assert.Fail(stats.ToJsonString());
        return stats;
    }
}
