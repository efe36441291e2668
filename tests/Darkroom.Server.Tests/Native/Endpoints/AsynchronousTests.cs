using System.Net;
using Darkroom.Engine.Jobs;
using Darkroom.Server.Generation;
using Darkroom.Server.Tests.Scripted;
using Microsoft.Extensions.DependencyInjection;

namespace Darkroom.Server.Tests.Native.Endpoints;

/// <summary>Answers that do not wait, and the jobs behind them.</summary>
public sealed class AsynchronousTests
{
    private const string Fox = """{"prompt":"a fox","steps":4}""";
    private static readonly string First = 1.ToString("x32");

    [Theory]
    [InlineData("respond-async")]
    [InlineData("respond-async, wait=0")]
    [InlineData("wait=0")]
    public async Task What_is_not_waited_for_is_answered_with_202_and_the_jobs_address(string prefer)
    {
        await using var server = await RunningServer.StartAsync();
        server.Queue.Gate = new();
        using var accepted = await server.PostAsync(Fox, prefer: prefer);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.Equal($"/v1/jobs/{First}", accepted.Headers.Location!.ToString());
        Assert.Equal(prefer, Assert.Single(accepted.Headers.GetValues("Preference-Applied")));
        var job = await accepted.JsonAsync();
        Assert.Equal((First, "running"), ((string?)job["id"], (string?)job["status"]));

        server.Queue.Gate.SetResult();
        await server.Queue.WaitAsync(First, default);
        var finished = await (await server.Client.GetAsync(accepted.Headers.Location)).JsonAsync();
        using var same = await server.PostAsync(Fox);
        // As the synchronous answer, with the job's progress beside.
        Assert.Equal((await same.JsonAsync()).Select(one => one.Key).Append("progress").Order(), finished.Select(one => one.Key).Order());
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync((string?)finished["images"]![0]!["url"])).StatusCode);
        Assert.Empty(server.Queue.Cancelled);
    }

    [Fact]
    public async Task An_answer_that_is_ready_in_time_is_the_answer()
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.PostAsync(Fox, prefer: "wait=0");
        Assert.Equal((HttpStatusCode.OK, "wait=0"), (answer.StatusCode, answer.Headers.GetValues("Preference-Applied").Single()));
        using var picture = await server.PostAsync(Fox, accept: "image/png", prefer: "respond-async, wait=30");
        Assert.Equal("image/png", picture.Content.Headers.ContentType!.MediaType);
        using var plain = await server.PostAsync(Fox, prefer: "handling=strict, wait=soon");
        Assert.Equal((HttpStatusCode.OK, false), (plain.StatusCode, plain.Headers.Contains("Preference-Applied")));
    }

    [Fact]
    public async Task A_wait_that_ends_first_leaves_the_job_running()
    {
        var time = new HurriedTime(100);
        await using var server = await RunningServer.StartAsync(time);
        server.Queue.Gate = new();
        using var accepted = await server.PostAsync(Fox, prefer: "wait=10");
        Assert.Equal((HttpStatusCode.Accepted, "wait=10"), (accepted.StatusCode, accepted.Headers.GetValues("Preference-Applied").Single()));
        server.Queue.Gate.SetResult();
        Assert.Equal(JobState.Succeeded, (await server.Queue.WaitAsync(First, default)).State);
        Assert.Empty(server.Queue.Cancelled);
    }

    [Theory]
    [InlineData("wait=60", 1)]
    [InlineData("respond-async, wait=60", 0)]
    public async Task Hanging_up_cancels_unless_the_job_was_to_go_on_anyway(string prefer, int cancelled)
    {
        await using var server = await RunningServer.StartAsync();
        server.Queue.Gate = new();
        using var leave = new CancellationTokenSource();
        var pending = server.PostAsync(Fox, prefer: prefer, cancellation: leave.Token);
        await Txt2ImgTests.Until(() => !server.Queue.Asked.IsEmpty);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        await Txt2ImgTests.Until(() => server.Log.All.Contains("the caller left", StringComparison.Ordinal));
        server.Queue.Gate.SetResult();
        Assert.Equal(cancelled == 0 ? JobState.Succeeded : JobState.Cancelled, (await server.Queue.WaitAsync(First, default)).State);
        Assert.Equal(cancelled, server.Queue.Cancelled.Count);
    }

    [Fact]
    public async Task A_refused_request_is_refused_at_once_however_it_would_be_answered()
    {
        await using var server = await RunningServer.StartAsync();
        using var wrong = await server.PostAsync("""{"prompt":"","steps":0}""", prefer: "respond-async");
        await wrong.ProblemAsync(422, "invalid_request");
    }

    [Fact]
    public async Task Draining_waits_for_jobs_that_nobody_waits_for()
    {
        await using var server = await RunningServer.StartAsync();
        server.Queue.Gate = new();
        using var accepted = await server.PostAsync(Fox, prefer: "respond-async");
        var stopping = server.App.StopAsync();
        await Txt2ImgTests.Until(() => server.App.Services.GetRequiredService<Drain>().IsDraining);
        Assert.Equal("running", (string?)(await (await server.Client.GetAsync(accepted.Headers.Location)).JsonAsync())["status"]);
        Assert.False(stopping.IsCompleted);
        server.Queue.Gate.SetResult();
        await stopping.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Empty(server.Queue.Cancelled);
    }
}
