using System.Text;
using System.Text.Json.Nodes;
using Darkroom.Server.Security.Keys;
using Darkroom.Server.Tests.Scripted;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Darkroom.Server.Tests.Operation;

public sealed class LogLevelTests
{
    private const string Address = "/v1/log-level";

    [Fact]
    public async Task Level_is_changed_while_the_server_runs_and_the_log_says_who_did()
    {
        await using var server = await RunningServer.StartAsync(("Serilog:MinimumLevel:Default", "Information"));
        var log = server.App.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Darkroom.Engine.Something");
        var other = server.App.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Somebody.Else");
        Assert.Equal("""{"level":"information"}""", await server.Client.GetStringAsync(Address));
        log.LogDebug("told-before");
        Assert.Equal("debug", (string?)(await (await PutAsync(server, """{"level":"debug"}""")).JsonAsync())["level"]);
        log.LogDebug("told-during");
        other.LogDebug("told-by-others");
        Assert.Equal("fatal", (string?)(await (await PutAsync(server, """{"level":"fatal"}""")).JsonAsync())["level"]);
        log.LogError("told-after");

        string all = server.Log.All;
        Assert.Contains("told-during", all);
        foreach (var hidden in (string[])["told-before", "told-by-others", "told-after"]) Assert.DoesNotContain(hidden, all);
        foreach (var (before, level) in ((string, string)[])[("information", "debug"), ("debug", "fatal")])
            Assert.Contains($"\"Before\":\"{before}\",\"Level\":\"{level}\",\"Caller\":\"127.0.0.1\"", all);
    }

    [Fact]
    public async Task Wrong_level_is_refused_with_those_there_are_and_changes_nothing()
    {
        await using var server = await RunningServer.StartAsync(("Serilog:MinimumLevel:Default", "Warning"));
        var problem = await (await PutAsync(server, """{"level":"debu"}""")).ProblemAsync(422, "invalid_request");
        var error = Assert.Single(problem["errors"]!.AsArray())!;
        Assert.Equal(("level", "debu", "one of: verbose, debug, information, warning, error, fatal"),
            ((string?)error["field"], (string?)error["value"], (string?)error["limit"]));
        Assert.Contains("debug", (string?)error["message"]); // meant, probably
        await (await PutAsync(server, "{}")).ProblemAsync(422, "invalid_request");
        await (await PutAsync(server, """{"level":"debug","sauce":"x"}""")).ProblemAsync(422, "invalid_request");
        await (await PutAsync(server, "debug")).ProblemAsync(400, "invalid_json");
        Assert.Equal("""{"level":"warning"}""", await server.Client.GetStringAsync(Address));
    }

    [Fact]
    public async Task Only_administrators_may_ask_or_change()
    {
        var keys = new TestKeys();
        var (usual, admin) = (await keys.AddAsync("alice"), await keys.AddAsync("root", KeyScope.Admin));
        await using var server = await RunningServer.StartAsync(keys.Setting);
        await (await server.GetAsync(Address, usual)).ProblemAsync(403, "forbidden_scope");
        await (await server.AskAsync(HttpMethod.Put, Address, usual, """{"level":"debug"}""")).ProblemAsync(403, "forbidden_scope");
        using var changed = await server.AskAsync(HttpMethod.Put, Address, admin, """{"level":"debug"}""");
        Assert.Equal(200, (int)changed.StatusCode);
        await server.Log.TellsAsync("\"Caller\":\"key:id-root\"");
        Assert.DoesNotContain(admin, server.Log.All);
    }

    [Fact]
    public async Task Probes_and_scrapes_are_logged_at_verbose_alone()
    {
        await using var server = await RunningServer.StartAsync(("Serilog:MinimumLevel:Default", "Debug"));
        await AskAsync();
        Assert.DoesNotContain("\"EventId\":{\"Id\":1102", server.Log.All);
        using (await PutAsync(server, """{"level":"verbose"}""")) { }
        await AskAsync();
        foreach (var route in (string[])["/livez", "/readyz", "/metrics"]) await server.Log.TellsAsync($"\"Route\":\"{route}\"");
        foreach (var route in (string[])["/livez", "/readyz", "/metrics"])
            Assert.Single(server.Log.Lines, line => JsonNode.Parse(line)!["Route"]?.ToString() == route);

        async Task AskAsync()
        {
            foreach (var probe in (string[])["/livez", "/readyz", "/metrics"])
                using (await server.Client.GetAsync(probe)) { }
        }
    }

    private static Task<HttpResponseMessage> PutAsync(RunningServer server, string json) =>
        server.Client.PutAsync(Address, new StringContent(json, Encoding.UTF8, "application/json"));
}
