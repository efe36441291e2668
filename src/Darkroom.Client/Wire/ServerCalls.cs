using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Polly;
using Polly.Timeout;

namespace Darkroom.Client.Wire;

/// <summary>Sends requests, again where that may help, and reads their answers.</summary>
internal sealed class ServerCalls
{
    private static readonly ProductInfoHeaderValue Agent =
        new("Darkroom.Client", typeof(ServerCalls).Assembly.GetName().Version?.ToString(3) ?? "0");

    private readonly HttpClient http;
    private readonly DarkroomClientOptions options;
    private readonly ResiliencePipeline retrying;
    private readonly ResiliencePipeline once;

    public ServerCalls(HttpClient http, DarkroomClientOptions options)
    {
        (this.http, this.options) = (http, options);
        var address = options.BaseAddress ?? http.BaseAddress
            ?? throw new ArgumentException("The server's address is needed: BaseAddress of the options, or of the HttpClient.", nameof(options));
        // Below a path, where a proxy has it so: what follows the last slash would be replaced.
        Address = address.AbsoluteUri.EndsWith('/') ? address : new(address.AbsoluteUri + '/');
        retrying = RetryPipeline.Of(options);
        once = new ResiliencePipelineBuilder { TimeProvider = options.TimeProvider }.AddTimeout(options.Timeout).Build();
    }

    /// <summary>Where the server is; ends in a slash.</summary>
    public Uri Address { get; }

    public DarkroomClientOptions Options => options;

    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        SendAsync(() => Request(HttpMethod.Get, path), (response, cancel) => JsonAsync(response, type, cancel), cancellation);

    public Task<T> SendAsync<T>(HttpMethod method, string path, Func<HttpContent>? content, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        SendAsync(() =>
        {
            var request = Request(method, path);
            request.Content = content?.Invoke();
            return request;
        }, (response, cancel) => JsonAsync(response, type, cancel), cancellation);

    /// <summary>Sends a request until it was answered, as often and as long as the options allow.</summary>
    /// <param name="make">The request, a new one for each try.</param>
    /// <param name="read">Reads an answer of success; what it reads belongs to the try.</param>
    /// <param name="cancellation">The caller's.</param>
    /// <param name="repeats">Whether it can be sent a second time.</param>
    public async Task<T> SendAsync<T>(
        Func<HttpRequestMessage> make, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellation, bool repeats = true)
    {
        try
        {
            return await (repeats ? retrying : once).ExecuteAsync(async cancel =>
            {
                using var request = make();
                using var response = await SendAsync(request, cancel).ConfigureAwait(false);
                return await read(response, cancel).ConfigureAwait(false);
            }, cancellation).ConfigureAwait(false);
        }
        catch (UnreadablePictureException unreadable)
        {
            ExceptionDispatchInfo.Throw(unreadable.InnerException!);
            throw;
        }
        catch (Exception late) when (IsLate(late) && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"{Address} did not answer within {options.Timeout.TotalSeconds:0.###} s.", late);
        }
    }

    /// <summary>One try; its answer, the caller's to dispose of, has its headers and a status of success.</summary>
    /// <exception cref="DarkroomException">The server refused.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        if (response.IsSuccessStatusCode || response.StatusCode == System.Net.HttpStatusCode.NotModified) return response;
        using (response) throw await ProblemReader.ReadAsync(response, options.TimeProvider, cancellation).ConfigureAwait(false);
    }

    /// <summary>A request with the caller's key.</summary>
    /// <param name="method">Of HTTP.</param>
    /// <param name="path">Below the server's address; one that begins with a slash counts from there too.</param>
    public HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(Address, path.TrimStart('/')));
        request.Headers.UserAgent.Add(Agent);
        if (options.ApiKey is { Length: > 0 } key) request.Headers.Authorization = new("Bearer", key);
        return request;
    }

    public static async Task<T> JsonAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentType?.MediaType is "application/json")
            return await response.Content.ReadFromJsonAsync(type, cancellation).ConfigureAwait(false)
                ?? throw new InvalidDataException($"{response.RequestMessage?.RequestUri} answered with null.");
        throw new InvalidDataException($"{response.RequestMessage?.RequestUri} did not answer with JSON: the address is none of Darkroom's.");
    }

    /// <summary>A small body of JSON.</summary>
    public static ByteArrayContent Json<T>(T value, JsonTypeInfo<T> type) =>
        new(JsonSerializer.SerializeToUtf8Bytes(value, type)) { Headers = { ContentType = new("application/json") } };

    private static bool IsLate(Exception fault) => fault is TimeoutRejectedException or OperationCanceledException { InnerException: TimeoutException };
}
