using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Clients;

/// <summary>A queue without room, as OpenAI's clients see it.</summary>
public sealed class FullQueueTests
{
    [Fact]
    public async Task A_full_queue_is_429_and_a_client_that_asks_again_gets_its_picture()
    {
        await using var server = await StartedServer.StartAsync(environment: [("Darkroom__Engine__MaxQueued", "1")]);
        string address = server.Client.BaseAddress!.ToString().TrimEnd('/');
        (await server.Client.FetchAsync("/v1/queue/pause", method: HttpMethod.Post)).Succeeded();
        string waiting = await server.Client.BeginAsync(new { prompt = "red apple", steps = 1, upscale = (object?)null });
        var full = await NodeProgram.RunAsync("openai.mjs", "full", address, "none");
        Assert.Equal(("RateLimitError", 429, "rate_limit_error", "rate_limit_exceeded"),
            (full.Text("kind"), full.GetProperty("status").GetInt32(), full.Text("type"), full.Text("code")));

        var retry = NodeProgram.RunAsync("openai.mjs", "retry", address, "none");
        await Task.Delay(2000); // the first try is answered by then
        (await server.Client.FetchAsync("/v1/queue/resume", method: HttpMethod.Post)).Succeeded();
        await Calls.UntilAsync("room", async () => (await server.Client.JobAsync(waiting)).Text("status") == "succeeded");
        var gave = await retry;
        Assert.InRange(gave.GetProperty("tries").GetInt32(), 2, 4);
        var native = await server.Client.PostAsync(new { prompt = "red apple", width = 64, height = 64, seed = 7, steps = 4, upscale = (object?)null });
        Assert.Equal(native.Pictures(), gave.Texts("pictures"));
    }
}
