namespace Darkroom.EndToEnd.Requests;

/// <summary>Prompts of more text than anybody means: refused by number where a limit says so, and nobody waits for them where none does.</summary>
public sealed class LongPromptTests(UnlimitedTextServer server) : IClassFixture<UnlimitedTextServer>
{
    /// <summary>143 texts at 143 steps, 55 chunks each and nearly all of them different: two brackets and 25 signs of three bytes in every chunk.</summary>
    private static readonly string Prompt = string.Concat(Enumerable.Range(0, 55).Select(chunk =>
        "[a|b|c|d|e|f|g|h|i|j|k][a|b|c|d|e|f|g|h|i|j|k|l|m]" + string.Concat(Enumerable.Range(0, 24).Select(i => (char)(0x4e00 + 24 * chunk + i)))))[..4050];

    [Fact]
    public async Task A_small_job_does_not_wait_for_a_prompt_of_thousands_of_chunks()
    {
        string id = await server.Client.BeginAsync(new { prompt = Prompt, steps = 143, seed = 1, sampler = "euler", upscale = (string?)null });
        await Calls.UntilAsync("the long prompt is being encoded", async () => (await server.Client.JobAsync(id)).GetProperty("status").GetString() == "running");
        await Task.Delay(500, TestContext.Current.CancellationToken);
        var small = await server.PostAsync(new() { ["prompt"] = "a red apple", ["steps"] = 4, ["seed"] = 2, ["priority"] = "high" });
        Assert.Single(small.Pictures());
        Assert.Equal(0, (await server.Client.JobAsync(id)).GetProperty("progress").GetProperty("step").GetInt32());

        await Calls.UntilAsync("the long prompt's first step", async () =>
            (await server.Client.JobAsync(id)).GetProperty("progress").GetProperty("step").GetInt32() > 0);
        await Calls.UntilAsync("the long prompt's picture", async () => (await server.Client.JobAsync(id)).GetProperty("status").GetString() == "succeeded");
        double encoding = (await server.Client.JobAsync(id)).GetProperty("timings").GetProperty("encode_ms").GetDouble();
        double waited = small.Json.GetProperty("timings").GetProperty("total_ms").GetDouble();
        Assert.True(4 * waited < encoding, $"{waited} ms beside a prompt that was encoded in {encoding} ms");
    }
}

/// <summary>A server whose texts are limited by nothing but a prompt's length.</summary>
public sealed class UnlimitedTextServer : StarterServer
{
    internal override IReadOnlyList<(string Name, string Value)> Settings =>
        [("Darkroom__Limits__TextChunks", "1000000"), ("Darkroom__Limits__TextMiB", "65536")];
}
