using Darkroom.Server.Configuration;
using Darkroom.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Serilog.Core;

namespace Darkroom.Server.Tests.Scripted;

/// <summary>The whole server in this process, with its own engine, its stores, and the starter model.</summary>
internal sealed class RealServer : IAsyncDisposable
{
    private RealServer(WebApplication app, LogCapture log)
    {
        (App, Log) = (app, log);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromMinutes(5) };
    }

    public WebApplication App { get; }
    public LogCapture Log { get; }
    public HttpClient Client { get; }

    public static async Task<RealServer> StartAsync(params (string Key, string Value)[] settings)
    {
        var log = new LogCapture();
        var overrides = new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["Darkroom:LogFormat"] = "off",
            ["Darkroom:Store"] = "memory",
            ["Darkroom:ModelsPath"] = Path.Combine(Repository.Root, "models"),
        };
        foreach (var (key, value) in settings) overrides[key] = value;
        var app = DarkroomHost.BuildServer(new ServerOptions
        {
            Home = Directory.CreateTempSubdirectory("darkroom").FullName,
            Overrides = overrides,
            Rooms = (services, read) =>
            {
                services.AddSingleton<ILogEventSink>(log);
                Rooms.Add(services, read);
            },
        });
        await app.StartAsync();
        var server = new RealServer(app, log);
        for (int i = 0; !(await server.Client.GetAsync("/readyz")).IsSuccessStatusCode; i++)
        {
            Assert.True(i < 3000, "The server is not ready.");
            await Task.Delay(10);
        }
        return server;
    }

    /// <summary>Posts a request for a picture.</summary>
    /// <param name="traceParent">The span that it comes from; null: none.</param>
    /// <param name="waits">Whether to wait for the picture.</param>
    public async Task<System.Text.Json.Nodes.JsonObject> PostAsync(string json, string? traceParent = null, bool waits = true)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/txt2img") { Content = new StringContent(json, null, "application/json") };
        if (traceParent is not null) request.Headers.Add("traceparent", traceParent);
        if (!waits) request.Headers.Add("Prefer", "respond-async");
        using var response = await Client.SendAsync(request);
        var answer = await response.JsonAsync();
        Assert.True(response.IsSuccessStatusCode, answer.ToJsonString());
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
    }
}
