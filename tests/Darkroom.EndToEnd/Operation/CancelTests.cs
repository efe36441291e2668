using Darkroom.Imaging;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Operation;

/// <summary>Work that nobody waits for any more is not done.</summary>
public sealed class CancelTests(StarterServer starter) : IClassFixture<StarterServer>
{
    private readonly StartedServer server = starter.Process;

    [Fact]
    public async Task A_caller_who_hangs_up_frees_the_row_at_the_next_step()
    {
        using var leave = new CancellationTokenSource();
        var job = await RunningJob.StartAsync(server, "hang-up", left: leave.Token);
        int step = await job.StepAsync(server);
        await leave.CancelAsync();
        await Calls.UntilAsync("the job is cancelled", async () => await job.StateAsync(server) == "cancelled");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job.Answer);
        int last = await job.StepAsync(server);
        Assert.True(last - step < 40, $"Left at step {step}, worked on to step {last}."); // the connection's end is seen within moments, not at once

        await AssertAloneAsync();
        Assert.Equal(last, await job.StepAsync(server));
        await Calls.UntilAsync("the log says so", () => Task.FromResult(server.Output.Contains("the caller left", StringComparison.Ordinal)));
        Assert.Contains(server.Output.Split('\n'), line => line.Contains("the caller left", StringComparison.Ordinal)
            && line.Contains(job.Id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cancelled_job_ends_at_its_next_step_and_its_caller_is_told()
    {
        var job = await RunningJob.StartAsync(server, "delete");
        var cancelled = (await server.Client.FetchAsync("/v1/jobs/" + job.Id, method: HttpMethod.Delete)).Succeeded();
        Assert.Equal("cancelled", cancelled.GetProperty("status").GetString());
        int step = cancelled.GetProperty("progress").GetProperty("step").GetInt32();
        Assert.InRange(step, 3, RunningJob.Steps - 1);

        var answer = await job.Answer;
        Assert.Equal(job.Id, answer.Problem(409, "job_cancelled").GetProperty("job_id").GetString());
        await AssertAloneAsync();

        var again = (await server.Client.FetchAsync("/v1/jobs/" + job.Id, method: HttpMethod.Delete)).Succeeded();
        Assert.Equal(("cancelled", step), (again.GetProperty("status").GetString(), again.GetProperty("progress").GetProperty("step").GetInt32()));
    }

    [Fact]
    public async Task A_job_past_its_deadline_ends_as_expired()
    {
        var answer = await server.Client.PostAsync(new { prompt = "fox", seed = 1, steps = 150, sampler = "heun", count = 8, deadline = 0.5 });
        string id = answer.Problem(503, "deadline_expired").GetProperty("job_id").GetString()!;
        Assert.Equal("expired", (await server.Client.FetchAsync("/v1/jobs/" + id)).Succeeded().GetProperty("status").GetString());
        await AssertAloneAsync();
    }

    [Fact]
    public async Task A_picture_on_its_way_through_an_upscaler_is_let_go_between_two_tiles()
    {
        // More than two hundred tiles.
        byte[] picture = PictureEncoder.Encode(Picture.Blank(512, 512, 3), PictureFormat.Png, 90, null);
        using var form = new MultipartFormDataContent
            { { new ByteArrayContent(picture), "image", "blank.png" }, { new StringContent("32"), "tile" }, { new StringContent("0"), "overlap" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/upscale") { Content = form, Headers = { { "Prefer", "respond-async" } } };
        using var accepted = await server.Client.SendAsync(request);
        string id = accepted.Headers.Location!.ToString().Split('/')[^1];
        await Calls.UntilAsync("the job runs", async () => (await server.Client.JobAsync(id)).GetProperty("status").GetString() == "running");
        Assert.Equal("cancelled", await server.Client.CancelAsync(id));
        await AssertAloneAsync();
        Assert.Equal("cancelled", (await server.Client.AllEventsAsync(id))[^1].Name);
    }

    /// <summary>No row of another job shares the device.</summary>
    private async Task AssertAloneAsync()
    {
        var next = (await server.Client.PostAsync(new { prompt = "fox", seed = 2, steps = 3 })).Succeeded();
        Assert.Equal(1, next.GetProperty("timings").GetProperty("mean_batch").GetDouble());
    }
}
