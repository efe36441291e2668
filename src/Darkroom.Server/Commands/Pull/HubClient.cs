using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Polly;
using Polly.Retry;

namespace Darkroom.Server.Commands.Pull;

/// <summary>
/// Hugging Face's hub, or a server that speaks its HTTP: <c>GET /api/models/REPOSITORY/revision/REVISION?blobs=true</c> lists files, and
/// <c>GET /REPOSITORY/resolve/COMMIT/PATH</c> gives one, also from a byte on.
/// </summary>
internal sealed class HubClient : IDisposable
{
    private const int MaxListBytes = 32 << 20, MaxTries = 5;

    private readonly HttpClient http;
    private readonly Uri endpoint;
    private readonly string? token;
    private readonly ResiliencePipeline pipeline;

    /// <param name="endpoint">The hub's address.</param>
    /// <param name="token">Sent to that address alone, never to where it redirects; null: none.</param>
    /// <param name="time">Between tries.</param>
    public HubClient(Uri endpoint, string? token, TimeProvider time)
    {
        (this.endpoint, this.token) = (endpoint, token);
        http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(20) }) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("darkroom", "1"));
        pipeline = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<HttpRequestException>(static fault => fault.StatusCode is null or >= HttpStatusCode.InternalServerError
                or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout).Handle<IOException>(static fault => fault is not PullException),
            MaxRetryAttempts = MaxTries - 1,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromSeconds(0.5),
            UseJitter = true,
        }).Build();
    }

    /// <summary>The commit that a revision stands for now, and its files.</summary>
    /// <exception cref="UsageException">There is no such repository or revision, or it asks for a token.</exception>
    public async Task<(string Commit, IReadOnlyList<HubFile> Files)> ListAsync(string repository, string revision, CancellationToken cancellation)
    {
        var address = new Uri(endpoint, $"api/models/{repository}/revision/{Uri.EscapeDataString(revision)}?blobs=true");
        try
        {
            return await pipeline.ExecuteAsync(async stop =>
            {
                using var answer = await SendAsync(address, from: 0, stop);
                if (answer.Content.Headers.ContentLength > MaxListBytes) throw new PullException("The list of files is larger than any repository's.");
                using var json = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(stop), default, stop);
                string commit = json.RootElement.TryGetProperty("sha", out var sha) && sha.ValueKind == JsonValueKind.String ? sha.GetString()! : revision;
                return (commit, (IReadOnlyList<HubFile>)[.. json.RootElement.GetProperty("siblings").EnumerateArray().Select(FileOf)]);
            }, cancellation);
        }
        catch (HttpRequestException fault) when (fault.StatusCode is HttpStatusCode.NotFound)
        {
            throw new UsageException($"{endpoint.Host} has no repository '{repository}' with a revision '{revision}'.");
        }
        catch (HttpRequestException fault) when (fault.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            throw new UsageException(
                $"{endpoint.Host} does not let everybody see '{repository}': accept its terms there, and set HF_TOKEN to a token of yours.");
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new PullException($"{endpoint.Host} answered with something else than a list of files.");
        }
    }

    public Uri AddressOf(string repository, string commit, HubFile file) =>
        new(endpoint, $"{repository}/resolve/{commit}/{string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString))}");

    /// <summary>Fetches a file from where a part of it ends, again and again until it is whole or gives up.</summary>
    /// <param name="address">Of the file.</param>
    /// <param name="target">Takes what comes, and says from which byte on the rest is wanted.</param>
    /// <exception cref="HttpRequestException">It cannot be had.</exception>
    public async Task FetchAsync(Uri address, PartialFile target, CancellationToken cancellation) => await pipeline.ExecuteAsync(async stop =>
    {
        using var answer = await SendAsync(address, target.Length, stop);
        if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            if (answer.Content.Headers.ContentRange?.Length == target.Length) return; // all of it is there
            target.StartAgain();
            throw new IOException("the file is another than the part of it that is here");
        }
        if (answer.StatusCode != HttpStatusCode.PartialContent) target.StartAgain();
        target.Expect(answer.Content.Headers.ContentRange?.Length
            ?? (answer.Content.Headers.ContentLength is { } length ? target.Length + length : null));
        await using var body = await answer.Content.ReadAsStreamAsync(stop);
        await target.TakeAsync(body, stop);
    }, cancellation);

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Uri address, long from, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (from > 0) request.Headers.Range = new RangeHeaderValue(from, null);
        // The handler leaves this header out when it follows a redirect to another host.
        if (token is not null && address.Host == endpoint.Host) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (answer.IsSuccessStatusCode || (from > 0 && answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)) return answer;
        using (answer) throw new HttpRequestException($"{address.Host} answered {(int)answer.StatusCode}", null, answer.StatusCode);
    }

    private static HubFile FileOf(JsonElement file)
    {
        var lfs = file.TryGetProperty("lfs", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
        long? size = file.TryGetProperty("size", out var bytes) && bytes.TryGetInt64(out long given) ? given : null;
        string? sha256 = lfs.ValueKind == JsonValueKind.Object && lfs.TryGetProperty("sha256", out var sum) ? sum.GetString()?.ToLowerInvariant() : null;
        return new(file.GetProperty("rfilename").GetString() ?? "", size, sha256);
    }
}

/// <summary>A download that cannot go on, in a sentence.</summary>
internal sealed class PullException(string message) : IOException(message);
