using System.Collections.Concurrent;
using Darkroom.TestKit;

// Every scenario has the two cores to itself: some of them measure.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Darkroom.EndToEnd;

/// <summary>
/// One server with the starter model for all tests of a class. At its end the process must exit with 0, and nothing that a person said may stand in
/// what it wrote: neither the prompts posted here nor anything with the word of <see cref="Canary"/>.
/// </summary>
public class StarterServer : IAsyncLifetime
{
    /// <summary>In every text of a request that must never be logged.</summary>
    public const string Canary = "canary";

    private readonly ConcurrentBag<string> said = [];

    internal StartedServer Process { get; private set; } = null!;

    internal HttpClient Client => Process.Client;

    /// <summary>Settings beside the defaults, as environment variables.</summary>
    internal virtual IReadOnlyList<(string Name, string Value)> Settings => [];

    public async ValueTask InitializeAsync() => Process = await StartedServer.StartAsync(
        environment: [("Serilog__MinimumLevel__Default", "Debug"), .. Settings]);

    /// <summary>
    /// Posts a request and remembers what it said. The picture is what the network draws: the model's upscaler is declined unless one is named.
    /// </summary>
    internal Task<Answer> PostAsync(Dictionary<string, object?> body, string? accept = null)
    {
        body.TryAdd("upscale", null);
        said.Add((string)body["prompt"]!);
        if (body.GetValueOrDefault("negative_prompt") is string negative) said.Add(negative);
        return Client.PostAsync(body, accept);
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        string output = Process.Output;
        Assert.Contains("/v1/txt2img", output);
        Assert.DoesNotContain(Canary, output, StringComparison.OrdinalIgnoreCase);
        foreach (string text in said.Where(text => text.Length > 7)) Assert.DoesNotContain(text, output, StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>A server that forms the largest batches it may, whatever the machine gains by it.</summary>
public sealed class BatchingServer : StarterServer
{
    internal override IReadOnlyList<(string Name, string Value)> Settings => [("Darkroom__Engine__Target", "throughput")];
}
