using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Keeping;
using Darkroom.Storage.Resilience;
using Polly;
using Polly.CircuitBreaker;

namespace Darkroom.Storage.S3;

/// <summary>
/// One bucket: a few operations that every S3-compatible store has, each tried as <see cref="Pipelines.S3"/> says. It is made where it is missing and may be.
/// What fails in the end is a <see cref="StoreException"/>. Any thread may call.
/// </summary>
public sealed class S3Bucket : IStoreHealth, IDisposable
{
    private readonly AmazonS3Client client;
    private readonly S3Options options;
    private readonly S3Faults faults;
    private readonly ResiliencePipeline pipeline;
    private readonly CircuitBreakerStateProvider breaker = new();
    private volatile string? trouble = "The object store was not asked yet.";

    /// <summary>Asks nothing of the store yet.</summary>
    public S3Bucket(S3Options options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        faults = new(options);
        pipeline = Pipelines.S3(time, S3Faults.IsTransient, breaker);
        client = ClientOf(options);
    }

    public string Name => "pictures";

    /// <summary>What the last operation found, or that the breaker is open.</summary>
    public string? Trouble => trouble ?? (breaker.CircuitState is CircuitState.Open or CircuitState.Isolated
        ? faults.Of(new BrokenCircuitException()).Message : null);

    public async ValueTask CheckAsync(CancellationToken cancellation)
    {
        try
        {
            await ListPageAsync("", 1, null, cancellation);
        }
        catch (StoreException)
        {
            // Noted where it was thrown.
        }
    }

    public void Dispose() => client.Dispose();

    /// <summary>Writes an object; doing so again with the same key replaces it.</summary>
    /// <exception cref="StoreException">It could not be written: <see cref="StoreFault.Full"/> where the store has no room.</exception>
    internal ValueTask<PutObjectResponse> PutAsync(string key, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        string md5 = Md5Of(bytes.Span);
        return RunAsync(
            token => client.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = options.Bucket,
                    Key = key,
                    InputStream = HeldBytes.AsStream(bytes), // of its own for each try
                    ContentType = "application/octet-stream",
                    MD5Digest = md5,
                    UseChunkEncoding = false, // the signature covers the whole body, and servers that know no signed chunks take it
                },
                token),
            bytes.Length, cancellation);
    }

    /// <summary>Reads an object whole.</summary>
    /// <param name="length">About how long it is, bytes: the time that it may take.</param>
    /// <param name="read">Takes its bytes, from the beginning at each try.</param>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="StoreException">It could not be read.</exception>
    internal async ValueTask<bool> ReadAsync(string key, long length, Func<Stream, CancellationToken, Task> read, CancellationToken cancellation)
    {
        try
        {
            return await RunAsync(
                async token =>
                {
                    using var response = await client.GetObjectAsync(new GetObjectRequest { BucketName = options.Bucket, Key = key }, token);
                    await read(response.ResponseStream, token);
                    return true;
                },
                length, cancellation);
        }
        catch (StoreException missing) when (S3Faults.IsMissing(missing.InnerException!))
        {
            return false;
        }
    }

    /// <summary>An object as a whole; null where there is none.</summary>
    /// <param name="length">Bytes that the read is given time for.</param>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    internal async ValueTask<ReadOnlyMemory<byte>?> ReadWholeAsync(string key, long length, CancellationToken cancellation)
    {
        byte[] bytes = [];
        bool there = await ReadAsync(
            key, length,
            async (source, token) =>
            {
                using var whole = new MemoryStream(); // one for each try
                await source.CopyToAsync(whole, token);
                bytes = whole.ToArray();
            },
            cancellation);
        return there ? bytes : default(ReadOnlyMemory<byte>?);
    }

    /// <summary>Removes objects, some at a time; nothing happens where one is not there.</summary>
    /// <exception cref="StoreException">One could not be removed.</exception>
    // One by one: the call for many at once needs a checksum on which stores do not agree, and some do not have it.
    internal Task DeleteAsync(IEnumerable<string> keys, CancellationToken cancellation) => Parallel.ForEachAsync(
        keys, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellation },
        async (key, token) => await RunAsync(
            one => client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = options.Bucket, Key = key }, one), 0, token));

    /// <summary>All objects whose keys begin so.</summary>
    /// <exception cref="StoreException">The list could not be read to its end.</exception>
    internal async IAsyncEnumerable<S3Entry> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? next = null;
        do
        {
            var page = await ListPageAsync(prefix, 1000, next, cancellation);
            foreach (var entry in Entries(page)) yield return entry;
            next = page.IsTruncated is true ? page.NextContinuationToken : null;
        }
        while (next is not null);
    }

    /// <summary>The first object whose key begins so; null: there is none.</summary>
    /// <exception cref="StoreException">It could not be asked.</exception>
    internal async ValueTask<S3Entry?> FirstAsync(string prefix, CancellationToken cancellation) =>
        Entries(await ListPageAsync(prefix, 1, null, cancellation)).FirstOrDefault();

    private ValueTask<ListObjectsV2Response> ListPageAsync(string prefix, int max, string? next, CancellationToken cancellation) => RunAsync(
        token => client.ListObjectsV2Async(
            new ListObjectsV2Request { BucketName = options.Bucket, Prefix = prefix, MaxKeys = max, ContinuationToken = next }, token),
        0, cancellation);

    private static IEnumerable<S3Entry> Entries(ListObjectsV2Response page) => (page.S3Objects ?? []).Select(
        one => new S3Entry(one.Key, one.Size ?? 0, new(DateTime.SpecifyKind(one.LastModified?.ToUniversalTime() ?? default, DateTimeKind.Utc))));

    private async ValueTask<T> RunAsync<T>(Func<CancellationToken, Task<T>> operation, long bytes, CancellationToken cancellation)
    {
        try
        {
            T answer;
            try
            {
                answer = await TryAsync(operation, bytes, cancellation);
            }
            catch (AmazonServiceException missing) when (S3Faults.IsBucketMissing(missing))
            {
                await TryAsync(MakeAsync, 0, cancellation);
                answer = await TryAsync(operation, bytes, cancellation);
            }
            trouble = null;
            return answer;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            var fault = faults.Of(e);
            trouble = fault.Fault == StoreFault.Full || S3Faults.IsMissing(e) ? null : fault.Message; // it answers
            throw fault;
        }
    }

    private async ValueTask<T> TryAsync<T>(Func<CancellationToken, Task<T>> operation, long bytes, CancellationToken cancellation)
    {
        var context = ResilienceContextPool.Shared.Get(cancellation);
        context.Properties.Set(Pipelines.Bytes, bytes);
        try
        {
            return await pipeline.ExecuteAsync(
                static async (context, operation) => await operation(context.CancellationToken), context, operation);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<bool> MakeAsync(CancellationToken cancellation)
    {
        try
        {
            await client.PutBucketAsync(new PutBucketRequest { BucketName = options.Bucket, UseClientRegion = true }, cancellation);
        }
        catch (AmazonServiceException there) when (there.StatusCode == HttpStatusCode.Conflict)
        {
            // Another server made it in this moment. If it is somebody else's, the operation that is tried again says so.
        }
        return true;
    }

    private static AmazonS3Client ClientOf(S3Options options)
    {
        var config = new AmazonS3Config
        {
            MaxErrorRetry = 0, // Pipelines tries again
            Timeout = Timeout.InfiniteTimeSpan, // and limits each try
            // What S3 itself asks for since 2025 many compatible stores refuse. Uploads carry an MD5, and a signature that covers the body.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Endpoint is { } endpoint)
            (config.ServiceURL, config.ForcePathStyle, config.AuthenticationRegion) = (endpoint.AbsoluteUri, true, options.Region);
        else config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        return options.AccessKey is { } key ? new(new BasicAWSCredentials(key, options.SecretKey), config) : new(config);
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5351", Justification = "S3's own checksum of what was sent; it keeps nobody out.")]
    private static string Md5Of(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(MD5.HashData(bytes));
}
