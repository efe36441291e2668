using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Previews;
using Darkroom.Engine.Queue;
using Darkroom.Models.Catalog;
using Darkroom.Models.ControlNets;
using Darkroom.Models.Embeddings;
using Darkroom.Models.Loras;
using Darkroom.Models.Upscaling;
using Darkroom.Server.Configuration;
using Darkroom.Server.Generation.Validation;
using Darkroom.Storage.Memory;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace Darkroom.Server.Tests.Scripted;

/// <summary>The whole server on a free port of this machine, with a scripted engine behind it and a real client before it.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private RunningServer(WebApplication app, ScriptedQueue queue, ScriptedModels models, ScriptedUpscalers upscalers, ScriptedInputs inputs, FixedSeeds seeds,
        LogCapture log)
    {
        (App, Queue, Models, Upscalers, Inputs, Seeds, Log) = (app, queue, models, upscalers, inputs, seeds, log);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public WebApplication App { get; }
    public ScriptedQueue Queue { get; }
    public ScriptedModels Models { get; }
    public ScriptedUpscalers Upscalers { get; }
    public ScriptedInputs Inputs { get; }
    public FixedSeeds Seeds { get; }
    public LogCapture Log { get; }

    public InputMemory InputMemory => App.Services.GetRequiredService<InputMemory>();
    public HttpClient Client { get; }

    public static Task<RunningServer> StartAsync(params (string Key, string Value)[] settings) => StartAsync(TimeProvider.System, settings);

    public static Task<RunningServer> StartAsync(TimeProvider time, params (string Key, string Value)[] settings) => StartAsync(time, null, settings);

    /// <summary>With another store of pictures than the one in memory.</summary>
    /// <param name="health">Whether it can be used; null: always.</param>
    public static Task<RunningServer> StartAsync(IArtifactStore artifacts, IStoreHealth? health = null) =>
        StartAsync(TimeProvider.System, artifacts, [], health: health);

    /// <summary>With another store of jobs than the one in memory.</summary>
    public static Task<RunningServer> StartAsync(IJobStore jobs, params (string Key, string Value)[] settings) =>
        StartAsync(TimeProvider.System, null, settings, jobs);

    /// <summary>With another store of jobs than the one in memory, and a clock.</summary>
    public static Task<RunningServer> StartAtAsync(TimeProvider time, IJobStore jobs, params (string Key, string Value)[] settings) =>
        StartAsync(time, null, settings, jobs);

    /// <summary>With services in the place of the server's own.</summary>
    public static Task<RunningServer> StartAsync(Action<IServiceCollection> own, IJobStore? jobs = null, params (string Key, string Value)[] settings) =>
        StartAsync(TimeProvider.System, null, settings, jobs, own: own);

    private static async Task<RunningServer> StartAsync(
        TimeProvider time, IArtifactStore? pictures, (string Key, string Value)[] settings, IJobStore? jobs = null, IStoreHealth? health = null,
        Action<IServiceCollection>? own = null)
    {
        var models = new ScriptedModels();
        var pictureMemory = settings.LastOrDefault(setting => setting.Key == "Darkroom:PictureMemoryMiB").Value is { } given ? int.Parse(given) : 64;
        var artifacts = pictures ?? new MemoryArtifactStore(new RandomIds(), (long)pictureMemory << 20);
        var queue = new ScriptedQueue(artifacts, jobs);
        var (upscalers, inputs) = (new ScriptedUpscalers(), new ScriptedInputs());
        var seeds = new FixedSeeds();
        var log = new LogCapture();
        var overrides = new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["Darkroom:LogFormat"] = "off",
            ["Serilog:MinimumLevel:Default"] = "Verbose",
            ["Serilog:MinimumLevel:Override:Microsoft"] = "Verbose",
        };
        foreach (var (key, value) in settings) overrides[key] = value;
        var app = DarkroomHost.BuildServer(new ServerOptions
        {
            Home = Directory.CreateTempSubdirectory("darkroom").FullName,
            Overrides = overrides,
            Rooms = (services, _) =>
            {
                own?.Invoke(services);
                services.AddSingleton(time).AddSingleton(queue.Store);
                if (queue.Store is IUsageBook book) services.AddSingleton(book);
                services.AddSingleton<IGenerationQueue>(queue).AddSingleton(artifacts).AddSingleton<IModelDirectory>(models);
                services.AddSingleton<ILoraDirectory>(new ScriptedLoras()).AddSingleton<IControlNetDirectory>(new ScriptedControlNets());
                services.AddSingleton<IEmbeddingDirectory>(new ScriptedEmbeddings());
                services.AddSingleton<IUpscalerDirectory>(upscalers).AddSingleton<IInputStore>(inputs);
                if (health is not null) services.AddSingleton(health);
                services.AddSingleton<IPreviewBoard>(new MemoryPreviewBoard()).AddSingleton<ISeedSource>(seeds).AddSingleton<ILogEventSink>(log);
            },
        });
        await app.StartAsync();
        return new(app, queue, models, upscalers, inputs, seeds, log);
    }

    public Task<HttpResponseMessage> PostAsync(string json, string? accept = null, string path = "/v1/txt2img", string? prefer = null,
        CancellationToken cancellation = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        if (prefer is not null) request.Headers.TryAddWithoutValidation("Prefer", prefer);
        return Client.SendAsync(request, cancellation);
    }

    public Task<HttpResponseMessage> PostAsync(JsonObject json, string? accept = null) => PostAsync(json.ToJsonString(), accept);

    public async ValueTask DisposeAsync()
    {
        Queue.Gate?.TrySetResult();
        Client.Dispose();
        await App.DisposeAsync();
    }
}

internal sealed class FixedSeeds : ISeedSource
{
    public long Seed { get; set; } = 1234;
    public long Largest { get; private set; }

    public long Next(long largest)
    {
        Largest = largest;
        return Seed;
    }
}

/// <summary>Every line the server logs, at any level, as the JSON that a collector would get.</summary>
internal sealed class LogCapture : ILogEventSink
{
    private readonly RenderedCompactJsonFormatter formatter = new();

    public ConcurrentQueue<string> Lines { get; } = new();

    public void Emit(LogEvent logEvent)
    {
        var line = new StringWriter();
        formatter.Format(logEvent, line);
        Lines.Enqueue(line.ToString());
    }

    public string All => string.Concat(Lines);

    /// <summary>Waits for a line: some are written behind the answer that they are about.</summary>
    public async Task TellsAsync(string part)
    {
        for (var i = 0; i < 1000 && !Lines.Any(line => line.Contains(part, StringComparison.Ordinal)); i++) await Task.Delay(10);
        Assert.Contains(part, All);
    }
}

internal static class Answers
{
    public static async Task<JsonObject> JsonAsync(this HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();

    /// <summary>Checks that an answer is a whole problem document and returns it.</summary>
    public static async Task<JsonObject> ProblemAsync(this HttpResponseMessage response, int status, string slug)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!.AsObject();
        Assert.Equal("/problems/" + slug, (string?)problem["type"]);
        Assert.Equal(status, (int?)problem["status"]);
        Assert.Equal(response.Headers.GetValues("X-Request-Id").Single(), (string?)problem["request_id"]);
        Assert.Equal(response.RequestMessage!.RequestUri!.AbsolutePath, (string?)problem["instance"]);
        Assert.NotEqual("", (string?)problem["detail"]);
        Assert.NotEqual("", (string?)problem["title"]);
        return problem;
    }

    public static IEnumerable<string> FaultyFields(this JsonObject problem) => problem["errors"]!.AsArray().Select(error => (string)error!["field"]!);
}
