using System.Net;
using System.Net.Http.Headers;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;
using Darkroom.Server.Tests.Scripted;
using Darkroom.Storage.S3;
using Darkroom.TestKit;

namespace Darkroom.Server.Tests.Health;

/// <summary>A server whose pictures are in a real object store that goes away and comes back.</summary>
public sealed class AwayStoreTests : IAsyncLifetime
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private readonly S3Server objects = new();
    private readonly string spool = Directory.CreateTempSubdirectory("darkroom-spool").FullName;
    private S3Bucket bucket = null!;
    private S3ArtifactStore pictures = null!;
    private RunningServer server = null!;

    public async ValueTask InitializeAsync()
    {
        bucket = new(
            new() { Endpoint = objects.Endpoint, Bucket = "pictures", AccessKey = S3Server.Key, SecretKey = "secret-canary" }, TimeProvider.System);
        pictures = new(bucket, new RandomIds(), TimeProvider.System, TimeSpan.FromHours(24), spool);
        server = await RunningServer.StartAsync(pictures, bucket);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        bucket.Dispose();
        objects.Dispose();
        Directory.Delete(spool, recursive: true);
    }

    [Fact]
    public async Task Readiness_follows_the_store_and_tells_nobody_where_it_is()
    {
        Assert.Equal((503, "unavailable"), await ReadyAsync()); // it was not asked yet
        await bucket.CheckAsync(Cancellation);
        Assert.Equal((200, "ready"), await ReadyAsync());

        objects.Stop();
        await bucket.CheckAsync(Cancellation);
        using var away = await server.Client.GetAsync("/readyz", Cancellation);
        Assert.Equal(503, (int)away.StatusCode);
        string answer = await away.Content.ReadAsStringAsync(Cancellation);
        Assert.Contains("\"reason\":\"pictures: the store cannot be used now\"", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(objects.Endpoint.Authority, answer, StringComparison.Ordinal);

        objects.StartAgain();
        await Task.Delay(TimeSpan.FromSeconds(6), Cancellation); // what failed most is left alone for a moment
        await bucket.CheckAsync(Cancellation);
        Assert.Equal((200, "ready"), await ReadyAsync());
    }

    [Fact]
    public async Task Pictures_are_answered_with_conditions_and_ranges_and_as_503_while_the_store_is_away()
    {
        var (job, bytes) = (new RandomIds().Next(), PictureEncoder.Encode(Picture.Blank(64, 48, 3), PictureFormat.Png, 90, null));
        var made = Assert.IsType<ArtifactAdded.Stored>(await pictures.AddAsync(job, PictureFormat.Png, bytes, Cancellation)).Artifact;
        string url = "/v1/images/" + made.Id;
        using var whole = await server.Client.GetAsync(url, Cancellation);
        Assert.Equal(bytes, await whole.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(($"\"{made.Sha256}\"", "image/png"), (whole.Headers.ETag!.Tag, whole.Content.Headers.ContentType!.MediaType));
        using var part = await GetAsync(url, request => request.Headers.Range = new RangeHeaderValue(10, 19));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(bytes[10..20], await part.Content.ReadAsByteArrayAsync(Cancellation));
        using var known = await GetAsync(url, request => request.Headers.IfNoneMatch.Add(whole.Headers.ETag));
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);

        objects.Stop();
        using var away = await server.Client.GetAsync(url, Cancellation);
        await away.ProblemAsync(503, "store_unavailable");
        Assert.Equal(TimeSpan.FromSeconds(10), away.Headers.RetryAfter!.Delta);
        Assert.Contains("Darkroom:S3:Endpoint", server.Log.All, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-canary", server.Log.All, StringComparison.Ordinal);

        objects.StartAgain();
        await pictures.RemoveAsync([made.Id], Cancellation);
        using var gone = await server.Client.GetAsync(url, Cancellation);
        await gone.ProblemAsync(410, "image_gone");
    }

    private async Task<(int, string)> ReadyAsync()
    {
        using var answer = await server.Client.GetAsync("/readyz", Cancellation);
        return ((int)answer.StatusCode, (string)(await answer.JsonAsync())["status"]!);
    }

    private Task<HttpResponseMessage> GetAsync(string url, Action<HttpRequestMessage> prepare)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        prepare(request);
        return server.Client.SendAsync(request, Cancellation);
    }
}
