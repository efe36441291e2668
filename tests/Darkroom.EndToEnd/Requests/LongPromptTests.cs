using System.Diagnostics;
using System.Text.Json;

namespace Darkroom.EndToEnd.Requests;

/// <summary>Prompts of more text than anybody means: refused by number where a limit says so, and nobody waits for them where none does.</summary>
public sealed class LongPromptTests(UnlimitedTextServer server) : IClassFixture<UnlimitedTextServer>
{
    /// <summary>77 texts at 77 steps, of some 40 chunks each that nearly all differ: two brackets and 24 signs of three bytes in every chunk.</summary>
    private static readonly string Prompt = string.Concat(Enumerable.Range(0, 40).Select(chunk =>
        "[a|b|c|d|e|f|g|h|i|j|k][a|b|c|d|e|f|g]" + string.Concat(Enumerable.Range(0, 24).Select(i => (char)(0x4e00 + 24 * chunk + i)))));

    [Fact]
    public async Task A_small_job_does_not_wait_for_a_prompt_of_thousands_of_chunks()
    {
        long began = Stopwatch.GetTimestamp();
        string id = await server.Client.BeginAsync(new { prompt = Prompt, steps = 77, seed = 1, sampler = "euler", upscale = (string?)null });
        await UntilAsync(id, job => job.GetProperty("status").GetString() == "running");
        await Task.Delay(200, TestContext.Current.CancellationToken);
        var small = await server.PostAsync(new() { ["prompt"] = "a red apple", ["steps"] = 4, ["seed"] = 2, ["priority"] = "high" });
        Assert.Single(small.Pictures());
        Assert.Equal(0, StepOf(await server.Client.JobAsync(id)));

        await UntilAsync(id, job => StepOf(job) > 0);
        double waited = small.Json.GetProperty("timings").GetProperty("total_ms").GetDouble(), encoded = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        Assert.Equal("cancelled", await server.Client.CancelAsync(id));
        Assert.True(4 * waited < encoded, $"{waited} ms beside a prompt that was encoded in {encoded} ms");
    }

    private static int StepOf(JsonElement job) => job.GetProperty("progress").GetProperty("step").GetInt32();

    private async Task UntilAsync(string id, Func<JsonElement, bool> holds)
    {
        while (await server.Client.JobAsync(id) is var job && !holds(job))
        {
            Assert.Contains(job.GetProperty("status").GetString(), (string[])["queued", "running"]);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}

/// <summary>A server whose texts are limited by nothing but a prompt's length.</summary>
public sealed class UnlimitedTextServer : StarterServer
{
    internal override IReadOnlyList<(string Name, string Value)> Settings =>
        [("Darkroom__Limits__TextChunks", "1000000"), ("Darkroom__Limits__TextMiB", "65536")];
}
