using System.Diagnostics;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Operation;

/// <summary>What an operator's signals do.</summary>
public sealed class ShutdownTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task SIGTERM_takes_no_new_work_finishes_what_runs_and_exits_with_0()
    {
        await using var server = await StartedServer.StartAsync(null, null, RunningJob.Debug);
        var job = await RunningJob.StartAsync(server, "finishes", steps: 60);
        server.Terminate();
        await Calls.UntilAsync("readyz is 503", async () => (await server.Client.FetchAsync("/readyz")).Status == 503);
        Assert.Equal("draining", (await server.Client.FetchAsync("/readyz")).Json.GetProperty("status").GetString());
        Assert.Equal("live", (await server.Client.FetchAsync("/livez")).Succeeded().GetProperty("status").GetString());
        var refused = await server.Client.PostAsync(new { prompt = "fox", steps = 1 });
        refused.Problem(503, "shutting_down");
        Assert.NotEmpty(refused.Headers.GetValues("Retry-After"));
        Assert.False(job.Answer.IsCompleted);

        Assert.Single((await job.Answer).Pictures());
        Assert.Equal(0, await server.ExitAsync(Patience));
        Assert.DoesNotContain("\"@l\":\"Error\"", server.Output);
    }

    [Fact]
    public async Task What_outlasts_the_drain_timeout_is_given_back_at_a_step_and_its_caller_told_where_it_goes_on()
    {
        await using var server = await StartedServer.StartAsync(null, null, RunningJob.Debug, ("Darkroom__DrainTimeout", "0.2"));
        var job = await RunningJob.StartAsync(server, "cancelled");
        server.Terminate();
        var answer = await job.Answer;
        answer.Problem(503, "shutting_down");
        Assert.StartsWith("/v1/jobs/", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await server.ExitAsync(Patience));
    }

    [Fact]
    public async Task A_second_SIGTERM_ends_the_wait_at_once()
    {
        await using var server = await StartedServer.StartAsync(null, null, RunningJob.Debug);
        var job = await RunningJob.StartAsync(server, "hurried");
        server.Terminate();
        await Calls.UntilAsync("readyz is 503", async () => (await server.Client.FetchAsync("/readyz")).Status == 503);
        Assert.False(job.Answer.IsCompleted);
        long second = Stopwatch.GetTimestamp();
        server.Terminate();
        (await job.Answer).Problem(503, "shutting_down");
        Assert.Equal(0, await server.ExitAsync(Patience));
        Assert.True(Stopwatch.GetElapsedTime(second) < TimeSpan.FromSeconds(2), $"It took {Stopwatch.GetElapsedTime(second).TotalSeconds:F2} s.");
    }

    [Fact]
    public async Task SIGTERM_lets_jobs_without_a_caller_finish_and_their_readers_see_the_end()
    {
        await using var server = await StartedServer.StartAsync();
        string id = await server.Client.BeginAsync(new { prompt = "fox", seed = 1, steps = 60, preview_every = 5 });
        var reading = server.Client.AllEventsAsync(id);
        await Calls.UntilAsync("the job is on its way", async () => (await server.Client.JobAsync(id)).GetProperty("progress").GetProperty("step")
            .GetInt32() > 2);
        server.Terminate();
        Assert.Equal("succeeded", (await reading)[^1].Name);
        Assert.Equal(0, await server.ExitAsync(Patience));
    }

    [Fact]
    public async Task A_second_SIGTERM_ends_streams_with_the_end_of_their_jobs_where_those_end_with_the_process()
    {
        await using var server = await StartedServer.StartAsync(null, null, ("Darkroom__Store", "memory"));
        var end = (await StoppedTwiceAsync(server)).End;
        Assert.Equal(("cancelled", "/problems/shutting_down"), (end.Name, end.Data.GetProperty("type").GetString()));
        Assert.Equal(0, await server.ExitAsync(Patience));
    }

    [Fact]
    public async Task A_second_SIGTERM_gives_jobs_back_that_outlive_the_process_and_they_go_on_after_its_start()
    {
        string data = Directory.CreateTempSubdirectory("darkroom-data-").FullName;
        try
        {
            string id;
            await using (var server = await StartedServer.StartAsync(null, data))
            {
                (id, var end) = await StoppedTwiceAsync(server);
                Assert.Equal("queued", end.Name);
                Assert.Equal(0, await server.ExitAsync(Patience));
            }
            await using var next = await StartedServer.StartAsync(null, data);
            await Calls.UntilAsync("the job is on its way again", async () => (await next.Client.JobAsync(id)).GetProperty("progress").GetProperty("step")
                .GetInt32() > 2);
            Assert.Equal("cancelled", await next.Client.CancelAsync(id));
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<(string Id, ReadEvent End)> StoppedTwiceAsync(StartedServer server)
    {
        string id = await server.Client.BeginAsync(new { prompt = "fox", seed = 1, steps = 150, sampler = "heun", count = 8 });
        var reading = server.Client.AllEventsAsync(id);
        await Calls.UntilAsync("the job is on its way", async () => (await server.Client.JobAsync(id)).GetProperty("progress").GetProperty("step")
            .GetInt32() > 2);
        server.Terminate();
        await Calls.UntilAsync("readyz is 503", async () => (await server.Client.FetchAsync("/readyz")).Status == 503);
        server.Terminate();
        return (id, (await reading)[^1]);
    }

    [Fact]
    public async Task After_a_crash_a_server_starts_on_the_same_data()
    {
        string data = Directory.CreateTempSubdirectory("darkroom-data-").FullName;
        try
        {
            await using (var server = await StartedServer.StartAsync(null, data, RunningJob.Debug))
            {
                var job = await RunningJob.StartAsync(server, "crash");
                await server.KillAsync();
                await Assert.ThrowsAnyAsync<HttpRequestException>(() => job.Answer);
            }
            await using var next = await StartedServer.StartAsync(dataPath: data);
            Assert.Single((await next.Client.PostAsync(new { prompt = "fox", seed = 1, steps = 1 })).Pictures());
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [Fact]
    public async Task An_address_in_use_is_a_sentence_and_exit_code_1()
    {
        await using var server = await StartedServer.StartAsync();
        // Each ends while its model is being loaded, at another point of that.
        for (int start = 0; start < 12; start++)
        {
            var second = await ServerProgram.RunAsync("--urls", server.Client.BaseAddress!.ToString());
            Assert.Equal(1, second.ExitCode);
            Assert.Contains("cannot listen", second.Error);
            Assert.DoesNotContain("   at ", second.Error);
        }
    }
}
