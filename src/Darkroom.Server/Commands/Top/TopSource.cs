using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Darkroom.Server.Commands.Top;

/// <summary>What a server is at, or why that is not known.</summary>
/// <param name="Stats">Null: see <paramref name="Fault"/>.</param>
/// <param name="Running">Jobs in flight, as far as the key may see them.</param>
/// <param name="Waiting">The next jobs.</param>
/// <param name="Fault">A sentence.</param>
internal sealed record TopReading(TopStats? Stats, IReadOnlyList<TopJob> Running, IReadOnlyList<TopJob> Waiting, string? Fault)
{
    public static TopReading Of(string fault) => new(null, [], [], fault);
}

/// <summary>Asks a server over HTTP.</summary>
internal sealed class TopSource : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HttpClient client;

    /// <param name="server">Its address.</param>
    /// <param name="key">Of the scope read; null: none is sent.</param>
    public TopSource(Uri server, string? key)
    {
        Server = server;
        client = new() { BaseAddress = server, Timeout = Patience };
        if (key is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public Uri Server { get; }

    /// <summary>Asks once.</summary>
    /// <exception cref="OperationCanceledException">By the caller's token alone.</exception>
    public async Task<TopReading> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            var stats = await GetAsync("/v1/stats", TopJson.Default.TopStats, cancellation);
            // A worker takes no requests and lists no jobs.
            if (stats.Role == "worker") return new(stats, [], [], null);
            var running = await GetAsync("/v1/jobs?status=running&limit=50", TopJson.Default.TopJobs, cancellation);
            var waiting = await GetAsync("/v1/jobs?status=queued&limit=20", TopJson.Default.TopJobs, cancellation);
            return new(stats, running.Data, [.. waiting.Data.OrderBy(job => job.Progress.Position ?? int.MaxValue)], null);
        }
        catch (TopException refused)
        {
            return TopReading.Of(refused.Message);
        }
        catch (HttpRequestException away)
        {
            return TopReading.Of($"The server at {Server} cannot be reached: {(away.InnerException as SocketException ?? (Exception)away).Message}");
        }
        catch (JsonException)
        {
            return TopReading.Of($"What answers at {Server} is no Darkroom server.");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return TopReading.Of($"The server at {Server} did not answer within {Patience.TotalSeconds:0} s.");
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var response = await client.GetAsync(path, cancellation);
        var text = await response.Content.ReadAsStringAsync(cancellation);
        if (response.IsSuccessStatusCode) return JsonSerializer.Deserialize(text, type) ?? throw new JsonException();
        throw new TopException((int)response.StatusCode switch
        {
            401 or 403 => $"The server at {Server} asks for a key with the scope read: give it as --key, or in DARKROOM_KEY.",
            404 => $"What answers at {Server} has no {path}: it is no Darkroom server, or an older one.",
            var status => $"The server at {Server} answered {status}: {DetailOf(text)}",
        });
    }

    private static string DetailOf(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, TopJson.Default.TopProblem)?.Detail ?? "no reason was given.";
        }
        catch (JsonException)
        {
            return "no reason was given.";
        }
    }

    /// <summary>The server answers, and not with what was asked for.</summary>
    private sealed class TopException(string message) : Exception(message);
}
