using System.Net;
using System.Text.Json.Nodes;
using Darkroom.Models.Catalog;
using Darkroom.Server.Configuration;
using Darkroom.Server.Generation;
using Darkroom.Server.Health;
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
    public async Task What_an_operator_should_know_of_is_logged_and_told_on_request()
    {
        string[] warnings =
        [
            "The folder of Darkroom:ModelsPath does not exist: there are no models.",
            "Darkroom:DefaultModel is 'nope', and there is no such model: requests that name none are answered 404.",
        ];
        await using var server = await RunningServer.StartAsync(("Darkroom:ModelsPath", "nowhere"), ("Darkroom:DefaultModel", "nope"));
        Assert.All(warnings, warning => Assert.Contains(warning, server.Log.All));
        var told = (await (await server.Client.GetAsync("/readyz?verbose")).JsonAsync())["warnings"]!.AsArray().Select(warning => (string?)warning).ToList();
        Assert.All(warnings, warning => Assert.Contains(warning, told));
        Assert.False((await (await server.Client.GetAsync("/readyz")).JsonAsync()).ContainsKey("warnings"));

        server.Models.Models.Add(ScriptedModels.Starter with { Id = "nope" }); // it may come later
        var now = (await (await server.Client.GetAsync("/readyz?verbose")).JsonAsync())["warnings"]!.AsArray();
        Assert.DoesNotContain(now, warning => ((string)warning!).Contains("nope", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_check_is_told_by_itself_on_request()
    {
        var data = Directory.CreateTempSubdirectory("darkroom-data-").FullName;
        await using var server = await RunningServer.StartAsync(("Darkroom:DataPath", data));
        Assert.Equal(["draining ok", "disk ok", "devices ok", "model ok"], await ChecksAsync(server));
        server.Models.States["starter"] = new(ModelState.Failed, "cut short");
        Directory.Delete(data, recursive: true);
        for (var i = 0; i < 500 && (await ChecksAsync(server))[1] == "disk ok"; i++) await Task.Delay(10); // looked at every other second
        Assert.Equal(
            ["draining ok", "disk The data folder cannot be written.", "devices ok", "model cut short"], await ChecksAsync(server));
        Assert.Equal(200, (int)(await server.Client.GetAsync("/readyz?verbose")).StatusCode); // what is known to have failed is answered for
        server.App.Services.GetRequiredService<Drain>().Begin();
        Assert.Equal("draining The server is on its way out.", (await ChecksAsync(server))[0]);
    }

    private static async Task<List<string>> ChecksAsync(RunningServer server)
    {
        using var response = await server.Client.GetAsync("/readyz?verbose");
        return [.. (await response.JsonAsync())["checks"]!.AsArray().Select(
            check => $"{check!["name"]} {((bool)check["ok"]! ? "ok" : (string?)check["detail"])}")];
    }

    [Fact]
    public void Descriptors_are_counted()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems do not tell.");
        Assert.InRange(Descriptors.CountOpen(), 10, 100_000);
        Assert.True(Descriptors.Limit is null or > 0);
        Assert.Contains("400 file descriptors", Descriptors.Warning(400));
    }

    [Theory]
    [InlineData("http://0.0.0.0:80", true)]
    [InlineData("http://[::]:80", true)]
    [InlineData("http://*:80", true)]
    [InlineData("http://192.168.1.5:80", true)]
    [InlineData("http://127.0.0.1:80", false)]
    [InlineData("http://[::1]:80", false)]
    [InlineData("http://localhost:80", false)]
    [InlineData("http://unix:/run/darkroom.sock", false)]
    public void An_address_beyond_this_machine_is_known_as_one(string url, bool isOpen) => Assert.Equal(isOpen, ListenAddresses.IsOpen(url));

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
