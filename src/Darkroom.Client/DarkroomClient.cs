using System.Net;
using System.Security.Cryptography;
using Darkroom.Client.Wire;

namespace Darkroom.Client;

/// <summary>
/// A Darkroom server. Safe for use by many at once; one for each server is enough. Requests that met a broken connection or a busy server are sent again
/// (<see cref="DarkroomClientOptions.MaxRetries"/>), and never make a second job.
/// </summary>
public sealed partial class DarkroomClient : IDisposable
{
    // A request whose caller leaves at the last moment may be a job by then: so long its answer is waited for, to cancel it.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly ServerCalls calls;
    private readonly HttpClient? own;

    /// <summary>A client with connections of its own.</summary>
    /// <param name="options">Where the server is.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or there is no address.</exception>
    public DarkroomClient(DarkroomClientOptions options)
        : this(OwnHttp(), options) => own = Http;

    /// <summary>A client with connections of its own.</summary>
    /// <param name="address">The server's: <c>http://127.0.0.1:8080</c>.</param>
    /// <param name="apiKey">Null: none is sent.</param>
    public DarkroomClient(Uri address, string? apiKey = null)
        : this(new DarkroomClientOptions { BaseAddress = address, ApiKey = apiKey })
    {
    }

    /// <summary>A client over connections of the caller's, who closes them.</summary>
    /// <param name="http">Its base address counts where the options have none; its timeout bounds a single try, too.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or there is no address.</exception>
    public DarkroomClient(HttpClient http, DarkroomClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        options ??= new();
        options.Validate();
        (Http, calls) = (http, new ServerCalls(http, options));
    }

    /// <summary>The server's address; it ends in a slash.</summary>
    public Uri Address => calls.Address;

    private HttpClient Http { get; }

    /// <summary>
    /// Makes pictures, and waits for them. Cancelling the token cancels the job on the server, too. The pictures' files are in the result, unless the request
    /// says <see cref="ReturnMode.Url"/>.
    /// </summary>
    /// <param name="request">What is made.</param>
    /// <param name="cancellationToken">Cancels the job.</param>
    /// <exception cref="DarkroomException">The server refused the request: 422 with every fault of it, 401, 429 …</exception>
    /// <exception cref="DarkroomJobException">The job ended without pictures.</exception>
    /// <exception cref="HttpRequestException">The server cannot be reached.</exception>
    /// <exception cref="TimeoutException">The server does not answer.</exception>
    public Task<GenerationResult> GenerateAsync(DarkroomRequest request, CancellationToken cancellationToken = default) =>
        GenerateAsync(request, null, cancellationToken);

    /// <summary>The same, and tells what happens on the way.</summary>
    /// <param name="request">What is made.</param>
    /// <param name="progress">Is told every event of the job, the end included; null: nobody.</param>
    /// <param name="cancellationToken">Cancels the job.</param>
    public async Task<GenerationResult> GenerateAsync(
        DarkroomRequest request, IProgress<JobEvent>? progress, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var body = await RequestBody.OfAsync(request, cancellationToken).ConfigureAwait(false);
        bool downloads = (request as PictureTaskRequest)?.Return != ReturnMode.Url;
        return await RunAsync("v1/" + request.Task, request.IdempotencyKey, body, progress, downloads, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Has the server make a picture again by what its file says, and compare the two: the one picture of the result has
    /// <see cref="GeneratedImage.Comparison"/>, and is left at its address. What may make another picture of it is among the warnings.
    /// </summary>
    /// <param name="picture">As it was saved: PNG, JPEG or WebP.</param>
    /// <param name="progress">Is told every event of the job, the end included; null: nobody.</param>
    /// <param name="cancellationToken">Cancels the job.</param>
    /// <exception cref="DarkroomException">422: the file does not say all that made it, or the server does not have it.</exception>
    /// <exception cref="DarkroomJobException">The job ended without a picture.</exception>
    /// <exception cref="HttpRequestException">The server cannot be reached.</exception>
    public Task<GenerationResult> VerifyAsync(PictureSource picture, IProgress<JobEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return RunAsync("v1/verify", null, RequestBody.Of(picture), progress, downloads: false, cancellationToken);
    }

    /// <summary>Says which of several texts or classes a picture is most like to a model. Cancelling the token cancels the job on the server, too.</summary>
    /// <param name="request">The picture, and the candidates.</param>
    /// <param name="progress">Is told every event of the job, the end included; null: nobody.</param>
    /// <param name="cancellationToken">Cancels the job.</param>
    /// <exception cref="DarkroomException">The server refused the request: 422 with every fault of it, 401, 429 …</exception>
    /// <exception cref="DarkroomJobException">The job ended without an answer.</exception>
    public async Task<Classification> ClassifyAsync(
        ClassifyRequest request, IProgress<JobEvent>? progress = null, CancellationToken cancellationToken = default) =>
        (await GenerateAsync(request, progress, cancellationToken).ConfigureAwait(false)).Classification!;

    /// <summary>Says how likely a model finds a picture. Cancelling the token cancels the job on the server, too.</summary>
    /// <param name="request">The picture, and how it is measured.</param>
    /// <param name="progress">Is told every event of the job, the end included; null: nobody.</param>
    /// <param name="cancellationToken">Cancels the job.</param>
    /// <exception cref="DarkroomException">The server refused the request: 422 with every fault of it, 401, 429 …</exception>
    /// <exception cref="DarkroomJobException">The job ended without an answer.</exception>
    public async Task<Likelihood> MeasureLikelihoodAsync(
        LikelihoodRequest request, IProgress<JobEvent>? progress = null, CancellationToken cancellationToken = default) =>
        (await GenerateAsync(request, progress, cancellationToken).ConfigureAwait(false)).Likelihood!;

    /// <summary>Starts a job, and does not wait for it: it goes on whatever becomes of the caller.</summary>
    /// <param name="request">What is made.</param>
    /// <param name="cancellationToken">Stops the sending. A request that was sent already may be a job by then.</param>
    /// <exception cref="DarkroomException">The server refused the request: 422 with every fault of it, 401, 429 …</exception>
    /// <exception cref="HttpRequestException">The server cannot be reached.</exception>
    /// <exception cref="TimeoutException">The server does not answer.</exception>
    public async Task<DarkroomJob> StartAsync(DarkroomRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var body = await RequestBody.OfAsync(request, cancellationToken).ConfigureAwait(false);
        return await StartAsync("v1/" + request.Task, request.IdempotencyKey, body, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A job by its id: one that another process started, too. The server is not asked.</summary>
    /// <param name="id">Of the job.</param>
    public DarkroomJob GetJob(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return new(calls, id, null);
    }

    /// <summary>Closes connections that are the client's own.</summary>
    public void Dispose() => own?.Dispose();

    /// <summary>Starts a job and waits for it; leaving cancels it.</summary>
    private async Task<GenerationResult> RunAsync(
        string address, string? key, RequestBody body, IProgress<JobEvent>? progress, bool downloads, CancellationToken cancellation)
    {
        var job = await StartOwnedAsync(address, key, body, cancellation).ConfigureAwait(false);
        try
        {
            var result = await job.WaitAsync(progress, cancellation).ConfigureAwait(false);
            return downloads ? await DownloadImagesAsync(result, cancellation).ConfigureAwait(false) : result;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await LeaveAsync(job).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<DarkroomJob> StartAsync(string address, string? key, RequestBody body, CancellationToken cancellation)
    {
        key ??= RandomNumberGenerator.GetHexString(32, lowercase: true);
        var job = await calls.SendAsync(
            () =>
            {
                var message = calls.Request(HttpMethod.Post, address);
                message.Headers.TryAddWithoutValidation("Idempotency-Key", key);
                message.Headers.TryAddWithoutValidation("Prefer", "respond-async");
                message.Content = body.Content();
                return message;
            },
            (response, cancel) => ServerCalls.JsonAsync(response, ClientJson.Default.JobSnapshot, cancel), cancellation, body.Repeats).ConfigureAwait(false);
        return new(calls, job.Id, job);
    }

    /// <summary>Starts a job that is cancelled where its caller leaves, even while the answer that tells of it is on its way.</summary>
    private async Task<DarkroomJob> StartOwnedAsync(string address, string? key, RequestBody body, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource();
        await using var leaving = cancellation.Register(() => late.CancelAfter(body.IsSent ? Grace : TimeSpan.Zero)).ConfigureAwait(false);
        DarkroomJob job;
        try
        {
            job = await StartAsync(address, key, body, late.Token).ConfigureAwait(false);
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        if (!cancellation.IsCancellationRequested) return job;
        await LeaveAsync(job).ConfigureAwait(false);
        throw new OperationCanceledException(cancellation);
    }

    /// <summary>Cancels a job as well as that can be done in a moment.</summary>
    private static async Task LeaveAsync(DarkroomJob job)
    {
        using var patience = new CancellationTokenSource(Grace);
        try
        {
            await job.CancelAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is DarkroomException or HttpRequestException or TimeoutException or OperationCanceledException or IOException)
        {
            // The caller has left: nobody is there to be told.
        }
    }

    private static HttpClient OwnHttp() => new(new SocketsHttpHandler
    {
        // An address may move; and a key goes nowhere but to the server that it is for.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        AllowAutoRedirect = false,
    })
    {
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        DefaultRequestVersion = HttpVersion.Version11,
    };
}
