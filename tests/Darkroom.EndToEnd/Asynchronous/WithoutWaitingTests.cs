using System.Text.Json;

namespace Darkroom.EndToEnd.Asynchronous;

/// <summary>A picture that nobody holds a connection for.</summary>
public sealed class WithoutWaitingTests(StarterServer server) : IClassFixture<StarterServer>
{
    private static readonly object Fox = new { prompt = "fox, 3d render", seed = 7, steps = 6, upscale = (object?)null };
    private static readonly object Long = new { prompt = "fox, 3d render", seed = 7, steps = 150, sampler = "heun", count = 8 };

    [Fact]
    public async Task A_job_is_asked_for_until_it_is_done_and_has_the_synchronous_picture()
    {
        string id = await server.Client.BeginAsync(Fox);
        JsonElement job = default;
        await Calls.UntilAsync("the job is done", async () => (job = await server.Client.JobAsync(id)).GetProperty("status").GetString() == "succeeded");
        var progress = job.GetProperty("progress");
        Assert.Equal((1, 6, 6), (progress.GetProperty("share").GetDouble(), progress.GetProperty("step").GetInt32(), progress.GetProperty("steps").GetInt32()));
        var image = Assert.Single(job.GetProperty("images").EnumerateArray());
        Assert.Equal(Assert.Single((await server.Client.PostAsync(Fox)).Pictures()), image.GetProperty("sha256").GetString());
        (await server.Client.FetchAsync(image.GetProperty("url").GetString()!)).Picture("image/png");
        Assert.Equal(id, (await server.Client.FetchAsync("/v1/jobs?status=succeeded")).Succeeded().GetProperty("data").EnumerateArray()
            .Select(one => one.GetProperty("id").GetString()).Skip(1).First());
    }

    [Theory]
    [InlineData("wait=0")]
    [InlineData("wait=1")]
    [InlineData("respond-async, wait=1")]
    public async Task A_wait_that_is_too_short_ends_in_a_202_and_the_job_goes_on(string prefer)
    {
        var accepted = await server.Client.PostAsync(Long, prefer: prefer);
        Assert.Equal(202, accepted.Status);
        string id = accepted.Json.GetProperty("id").GetString()!;
        int step = await StepAsync(id);
        await Calls.UntilAsync("the job goes on", async () => await StepAsync(id) > step);
        Assert.Equal("cancelled", await server.Client.CancelAsync(id));
        Assert.Equal("cancelled", await server.Client.CancelAsync(id));
        Assert.Equal("/problems/job_cancelled", (await server.Client.JobAsync(id)).GetProperty("problem").GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_wait_that_is_long_enough_ends_in_the_answer()
    {
        var answer = await server.Client.PostAsync(Fox, prefer: "respond-async, wait=60");
        Assert.Single(answer.Pictures());
        Assert.Equal("wait=60", Assert.Single(answer.Headers.GetValues("Preference-Applied")));
        (await server.Client.PostAsync(Fox, accept: "image/webp", prefer: "wait=60")).Picture("image/webp");
    }

    [Fact]
    public async Task Estimates_come_near_what_is_left_and_waiting_jobs_know_their_place()
    {
        string id = await server.Client.BeginAsync(Long);
        await Calls.UntilAsync("an estimate", async () => (await ProgressAsync(id)).TryGetProperty("eta", out _));
        double eta = (await ProgressAsync(id)).GetProperty("eta").GetDouble();
        await Calls.UntilAsync("the job is further", async () => await StepAsync(id) > 100);
        Assert.InRange((await ProgressAsync(id)).GetProperty("eta").GetDouble(), 0, 10 * eta);
        // More rows than run at once, and none of them stands before another: some wait, the last one longest.
        string[] more = [await server.Client.BeginAsync(Long), await server.Client.BeginAsync(Long), await server.Client.BeginAsync(Long)];
        await Calls.UntilAsync("the last one knows its place", async () =>
        {
            var waiting = (await server.Client.FetchAsync("/v1/jobs?status=queued")).Succeeded().GetProperty("data").EnumerateArray()
                .Select(one => one.GetProperty("id").GetString()).ToArray();
            return waiting.Contains(more[^1]) && (await ProgressAsync(more[^1])).TryGetProperty("position", out var place)
                && place.GetInt32() == waiting.Length - 1;
        });
        foreach (string other in more[..^1]) await server.Client.CancelAsync(other);
        await server.Client.CancelAsync(id);
        await Calls.UntilAsync("the one that waited goes on", async () => await StepAsync(more[^1]) > 0);
        Assert.False((await ProgressAsync(more[^1])).TryGetProperty("position", out _));
        await server.Client.CancelAsync(more[^1]);
    }

    private async Task<JsonElement> ProgressAsync(string id) => (await server.Client.JobAsync(id)).GetProperty("progress");

    private async Task<int> StepAsync(string id) => (await ProgressAsync(id)).GetProperty("step").GetInt32();
}
