using System.Net;
using System.Text.Json.Nodes;
using Darkroom.Models.Catalog;
using Darkroom.Server.Generation;
using Darkroom.Server.Tests.Native.Endpoints;
using Darkroom.Server.Tests.Scripted;
using Microsoft.Extensions.DependencyInjection;

namespace Darkroom.Server.Tests.Health;

public sealed class HealthTests
{
    [Theory]
    [InlineData(ModelState.Cold, 503, "loading")]
    [InlineData(ModelState.Loading, 503, "loading")]
    [InlineData(ModelState.Ready, 200, "ready")]
    [InlineData(ModelState.Failed, 200, "ready")]
    public async Task Readiness_follows_the_default_model(ModelState state, int status, string word)
    {
        await using var server = await RunningServer.StartAsync();
        server.Models.States["starter"] = new(state, state == ModelState.Failed ? "cut short" : null);
        using var response = await server.Client.GetAsync("/readyz");
        Assert.Equal(status, (int)response.StatusCode);
        var answer = await response.JsonAsync();
        Assert.Equal((word, "starter"), ((string?)answer["status"], (string?)answer["model"]));
        Assert.Equal(state == ModelState.Failed ? "cut short" : null, (string?)answer["reason"]);
    }

    [Fact]
    public async Task A_server_without_models_is_ready()
    {
        await using var server = await RunningServer.StartAsync();
        server.Models.Models.Clear();
        Assert.Equal("""{"status":"ready"}""", await server.Client.GetStringAsync("/readyz"));
        using var response = await server.PostAsync("""{"prompt":""}""");
        await response.ProblemAsync(404, "no_model");
    }

    [Fact]
    public async Task Draining_finishes_what_runs_and_takes_nothing_new()
    {
        await using var server = await RunningServer.StartAsync();
        server.Queue.Gate = new();
        var running = server.PostAsync("""{"prompt":""}""");
        await Txt2ImgTests.Until(() => !server.Queue.Asked.IsEmpty);
        var stopping = server.App.StopAsync();
        await Txt2ImgTests.Until(() => server.App.Services.GetRequiredService<Drain>().IsDraining);

        using var ready = await server.Client.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("draining", (string?)(await ready.JsonAsync())["status"]);
        using var live = await server.Client.GetAsync("/livez");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        using var refused = await server.PostAsync("""{"prompt":""}""");
        await refused.ProblemAsync(503, "shutting_down");
        Assert.False(stopping.IsCompleted);

        server.Queue.Gate.SetResult();
        using var finished = await running;
        Assert.Equal(HttpStatusCode.OK, finished.StatusCode);
        await stopping.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Empty(server.Queue.Cancelled);
    }

    [Fact]
    public async Task After_the_drain_timeout_what_runs_is_cancelled()
    {
        await using var server = await RunningServer.StartAsync(("Darkroom:DrainTimeout", "0.2"));
        await AssertCancelledAsync(server, () => { });
    }

    [Fact]
    public async Task A_second_signal_cancels_at_once()
    {
        await using var server = await RunningServer.StartAsync(("Darkroom:DrainTimeout", "600"));
        await AssertCancelledAsync(server, () => server.App.Services.GetRequiredService<Drain>().Hurry());
    }

    private static async Task AssertCancelledAsync(RunningServer server, Action afterStop)
    {
        server.Queue.Gate = new();
        var running = server.PostAsync("""{"prompt":""}""");
        await Txt2ImgTests.Until(() => !server.Queue.Asked.IsEmpty);
        await Task.Delay(50);
        var stopping = server.App.StopAsync();
        afterStop();
        using var cancelled = await running;
        await cancelled.ProblemAsync(503, "shutting_down");
        await stopping.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Single(server.Queue.Cancelled);
    }
}
