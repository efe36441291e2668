using System.Diagnostics;
using System.Security.Cryptography;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;
using Darkroom.Storage.Resilience;
using Darkroom.Storage.S3;
using Darkroom.TestKit;
using Darkroom.TestKit.Faults;

namespace Darkroom.Storage.Tests.S3;

/// <summary>A real S3 server behind a network that fails: what passes by itself is tried again, and what does not is told in a sentence.</summary>
public sealed class S3FaultTests : IAsyncLifetime
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private readonly string name = S3Pictures.NewBucket(), job = new RandomIds().Next(), spool = Directory.CreateTempSubdirectory("darkroom-spool").FullName;
    private readonly byte[] bytes = RandomNumberGenerator.GetBytes(100_000);
    private FaultProxy proxy = null!;
    private S3Bucket bucket = null!;
    private S3ArtifactStore store = null!;

    public async ValueTask InitializeAsync()
    {
        proxy = await FaultProxy.StartAsync(S3Server.Shared.Endpoint);
        (bucket, store) = Open();
        await bucket.CheckAsync(Cancellation); // makes the bucket
        Assert.Null(bucket.Trouble);
    }

    public async ValueTask DisposeAsync()
    {
        bucket.Dispose();
        await proxy.DisposeAsync();
        Directory.Delete(spool, recursive: true);
    }

    [Theory]
    [InlineData(ProxyFault.Unavailable)]
    [InlineData(ProxyFault.AnswerLost)]
    [InlineData(ProxyFault.Closed)]
    public async Task A_fault_that_passes_is_tried_again_and_one_picture_is_stored_under_one_id(ProxyFault fault)
    {
        int puts = 0;
        proxy.Choose = (method, _) => method == "PUT" && ++puts <= 2 ? fault : ProxyFault.None;
        var added = Assert.IsType<ArtifactAdded.Stored>(await store.AddAsync(job, PictureFormat.Png, bytes, Cancellation)).Artifact;
        Assert.Equal(3, puts);
        Assert.Equal([added.Id], await store.ListAsync(Cancellation).Select(entry => entry.Id).ToListAsync(Cancellation));
        Assert.Single(S3Server.Shared.KeysOf(name));
        Assert.Equal(bytes, (await store.ReadAsync(added.Id, Cancellation))!.Value.ToArray());
        Assert.Null(bucket.Trouble);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData((int)PictureSpool.MaxBytesInMemory + 1)]
    public async Task A_picture_that_breaks_off_on_its_way_is_fetched_again_from_its_beginning(int length)
    {
        byte[] picture = RandomNumberGenerator.GetBytes(length);
        var added = Assert.IsType<ArtifactAdded.Stored>(await store.AddAsync(job, PictureFormat.Png, picture, Cancellation)).Artifact;
        int objects = 0;
        int before = proxy.Requests.Count;
        proxy.Choose = (_, number) => number == before + 1 && ++objects == 1 ? ProxyFault.CutShort : ProxyFault.None; // the list, then the object
        Assert.Equal(picture, (await store.ReadAsync(added.Id, Cancellation))!.Value.ToArray());
        Assert.Equal((1, before + 3), (objects, proxy.Requests.Count));
        Assert.Empty(Directory.EnumerateFiles(spool));
    }

    [Fact]
    public async Task A_store_that_stays_away_is_given_up_after_a_few_tries_and_named_without_its_keys()
    {
        proxy.Choose = (_, _) => ProxyFault.Unavailable;
        int before = proxy.Requests.Count;
        long begun = Stopwatch.GetTimestamp();
        var away = await Assert.ThrowsAsync<StoreException>(async () => await store.AddAsync(job, PictureFormat.Png, bytes, Cancellation));
        Assert.InRange(Stopwatch.GetElapsedTime(begun).TotalSeconds, 0, 15);
        Assert.Equal(Pipelines.S3Attempts, proxy.Requests.Count - before);
        Assert.Equal(StoreFault.Unavailable, away.Fault);
        Assert.Equal(
            $"The object store (Darkroom:S3:Endpoint {proxy.Endpoint}, Darkroom:S3:Bucket {name}) answered 503 ServiceUnavailable.", away.Message);
        Assert.Equal(away.Message, bucket.Trouble);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_as_one()
    {
        using var nowhere = new S3Bucket(S3Pictures.Options(name, new Uri("http://127.0.0.1:9")), TimeProvider.System);
        await nowhere.CheckAsync(Cancellation);
        Assert.StartsWith($"The object store (Darkroom:S3:Endpoint http://127.0.0.1:9/, Darkroom:S3:Bucket {name}) cannot be reached: ", nowhere.Trouble);
    }

    [Theory]
    [InlineData(ProxyFault.OtherSays404)]
    [InlineData(ProxyFault.OtherSays200)]
    public async Task A_web_server_that_is_no_object_store_is_not_taken_for_one(ProxyFault fault)
    {
        proxy.Choose = (_, _) => fault;
        await bucket.CheckAsync(Cancellation);
        Assert.StartsWith($"The object store (Darkroom:S3:Endpoint {proxy.Endpoint}, Darkroom:S3:Bucket {name}) ", bucket.Trouble);
        await Assert.ThrowsAsync<StoreException>(async () => await store.OpenAsync(job, Cancellation)); // and no picture is told to be gone
        await Assert.ThrowsAsync<StoreException>(async () => await store.ListAsync(Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task While_most_fails_nothing_is_asked_and_when_the_store_is_back_it_is_used_again()
    {
        proxy.Choose = (_, _) => ProxyFault.Unavailable;
        for (int i = 0; i < 3; i++) await Assert.ThrowsAsync<StoreException>(async () => await store.OpenAsync(job, Cancellation));
        int asked = proxy.Requests.Count;
        long begun = Stopwatch.GetTimestamp();
        for (int i = 0; i < 20; i++)
        {
            var refused = await Assert.ThrowsAsync<StoreException>(async () => await store.OpenAsync(job, Cancellation));
            Assert.EndsWith("failed too often in a row, and is not asked for a moment.", refused.Message);
        }
        Assert.InRange(Stopwatch.GetElapsedTime(begun).TotalSeconds, 0, 2);
        Assert.Equal(asked, proxy.Requests.Count);
        Assert.NotNull(bucket.Trouble);

        proxy.Choose = (_, _) => ProxyFault.None;
        await Task.Delay(Pipelines.S3BreakTime + TimeSpan.FromSeconds(0.5), Cancellation);
        Assert.NotNull(bucket.Trouble); // it is asked before it is trusted
        await bucket.CheckAsync(Cancellation);
        Assert.Null(bucket.Trouble);
        Assert.IsType<ArtifactAdded.Stored>(await store.AddAsync(job, PictureFormat.Png, bytes, Cancellation));
    }

    [Fact]
    public async Task A_request_that_hangs_is_given_up_and_made_again()
    {
        int puts = 0;
        proxy.Choose = (method, _) => method == "PUT" && ++puts == 1 ? ProxyFault.Hangs : ProxyFault.None;
        long begun = Stopwatch.GetTimestamp();
        Assert.IsType<ArtifactAdded.Stored>(await store.AddAsync(job, PictureFormat.Png, bytes, Cancellation));
        double seconds = Pipelines.S3AttemptTimeout.TotalSeconds;
        Assert.InRange(Stopwatch.GetElapsedTime(begun).TotalSeconds, seconds - 0.5, seconds + 8);
        Assert.Equal(2, puts);
    }

    [Fact]
    public async Task A_caller_who_leaves_is_not_kept_by_a_request_that_hangs()
    {
        proxy.Choose = (_, _) => ProxyFault.Hangs;
        using var leaves = new CancellationTokenSource(200);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.OpenAsync(job, leaves.Token));
        Assert.Null(bucket.Trouble); // that says nothing of the store
    }

    [Fact]
    public async Task A_full_store_is_a_full_disk_and_is_not_asked_again()
    {
        proxy.Choose = (method, _) => method == "PUT" ? ProxyFault.Full : ProxyFault.None;
        Assert.IsType<ArtifactAdded.DiskFull>(await store.AddAsync(job, PictureFormat.Png, bytes, Cancellation));
        Assert.IsType<InputAdded.DiskFull>(await new S3InputStore(bucket, new RandomIds(), TimeProvider.System).AddAsync(bytes, Cancellation));
        Assert.Equal(2, proxy.Requests.Count(request =>
            request.StartsWith($"PUT /{name}/pictures/", StringComparison.Ordinal) || request.StartsWith($"PUT /{name}/inputs/", StringComparison.Ordinal)));
        Assert.Null(bucket.Trouble); // what it has can be read
    }

    [Fact]
    public async Task What_is_sent_carries_an_md5_and_nothing_that_compatible_stores_refuse()
    {
        Assert.IsType<ArtifactAdded.Stored>(await store.AddAsync(job, PictureFormat.Png, bytes, Cancellation));
        var headers = proxy.LastPut;
        Assert.Equal(Convert.ToBase64String(MD5.HashData(bytes)), headers["content-md5"]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), headers["x-amz-content-sha256"]);
        Assert.Equal($"{bytes.Length}", headers["content-length"]);
        Assert.DoesNotContain(headers, header => header.Key.StartsWith("x-amz-checksum", StringComparison.Ordinal)
            || header.Key is "x-amz-trailer" or "x-amz-sdk-checksum-algorithm" or "content-encoding");
        Assert.Contains($"/{name}/pictures/", proxy.Requests.Last(request => request.StartsWith("PUT", StringComparison.Ordinal))); // path-style
    }

    [Fact]
    public async Task Keys_that_are_refused_are_told_in_one_sentence_that_does_not_have_them()
    {
        using var wrong = new S3Bucket(
            S3Pictures.Options(name) with { AccessKey = "not-known-here", SecretKey = "canary-secret" }, TimeProvider.System);
        var pictures = new S3ArtifactStore(wrong, new RandomIds(), TimeProvider.System, TimeSpan.FromHours(1), spool);
        var refused = await Assert.ThrowsAsync<StoreException>(async () => await pictures.AddAsync(job, PictureFormat.Png, bytes, Cancellation));
        Assert.EndsWith("refuses the keys (Darkroom:S3:AccessKey and SecretKey), or they may not do this: InvalidAccessKeyId.", refused.Message);
        Assert.DoesNotContain("canary-secret", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("canary-secret", $"{S3Pictures.Options(name) with { SecretKey = "canary-secret" }}", StringComparison.Ordinal);
        Assert.Equal(refused.Message, wrong.Trouble);
    }

    [Fact]
    public async Task Without_keys_anywhere_nothing_hangs_and_the_sentence_says_what_to_set()
    {
        string[] sources = ["AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"];
        Assert.SkipWhen(sources.Any(one => Environment.GetEnvironmentVariable(one) is not null), "The environment has some.");
        long begun = Stopwatch.GetTimestamp();
        using var keyless = new S3Bucket(S3Pictures.Options(name) with { AccessKey = null, SecretKey = null }, TimeProvider.System);
        Assert.InRange(Stopwatch.GetElapsedTime(begun).TotalSeconds, 0, 2); // a server's start makes it
        await keyless.CheckAsync(Cancellation);
        Assert.InRange(Stopwatch.GetElapsedTime(begun).TotalSeconds, 0, 60);
        TestContext.Current.TestOutputHelper!.WriteLine($"{Stopwatch.GetElapsedTime(begun)}");
        Assert.EndsWith("there are no keys. Set Darkroom:S3:AccessKey and SecretKey, or give the environment Amazon's.", keyless.Trouble);
    }

    private (S3Bucket, S3ArtifactStore) Open()
    {
        var opened = new S3Bucket(S3Pictures.Options(name, proxy.Endpoint), TimeProvider.System);
        return (opened, new(opened, new RandomIds(), TimeProvider.System, TimeSpan.FromHours(24), spool));
    }
}
