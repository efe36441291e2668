using System.Net;
using System.Security.Cryptography;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;
using Darkroom.Server.Tests.Scripted;
using Darkroom.Storage.Files;
using Darkroom.Storage.Memory;

namespace Darkroom.Server.Tests.Native.Endpoints;

/// <summary>Parts of pictures over HTTP, from each store: RFC 9110, sections 13 and 14.</summary>
public sealed class ImageRangeTests : IDisposable
{
    private const int Length = 200_000;
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private readonly byte[] bytes = RandomNumberGenerator.GetBytes(Length);
    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-ranges").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    public enum Store { Memory, Files }

    [Theory]
    [InlineData(Store.Memory, "bytes=0-0", 0, 0)]
    [InlineData(Store.Memory, "bytes=100-70099", 100, 70_099)]
    [InlineData(Store.Memory, "bytes=-500", Length - 500, Length - 1)]
    [InlineData(Store.Files, "bytes=0-0", 0, 0)]
    [InlineData(Store.Files, "bytes=100-70099", 100, 70_099)]
    [InlineData(Store.Files, "bytes=150000-", 150_000, Length - 1)]
    [InlineData(Store.Files, "bytes=-500", Length - 500, Length - 1)]
    [InlineData(Store.Files, "bytes=0-900000", 0, Length - 1)]
    public async Task A_range_gives_that_part(Store kind, string range, int from, int to)
    {
        await using var server = await RunningServer.StartAsync(Open(kind));
        var (url, tag) = await AddAsync(server);
        using var answer = await SendAsync(server, url, ("Range", range));
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal($"bytes {from}-{to}/{Length}", answer.Content.Headers.ContentRange!.ToString());
        Assert.Equal(to - from + 1, answer.Content.Headers.ContentLength);
        Assert.Equal((tag, "image/webp"), (answer.Headers.ETag!.ToString(), answer.Content.Headers.ContentType!.MediaType));
        Assert.Equal(bytes[from..(to + 1)], await answer.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Theory]
    [InlineData(Store.Memory)]
    [InlineData(Store.Files)]
    public async Task A_range_outside_the_picture_is_416_with_its_length(Store kind)
    {
        await using var server = await RunningServer.StartAsync(Open(kind));
        var (url, _) = await AddAsync(server);
        foreach (var range in (string[])["bytes=200000-", "bytes=300000-300010", "bytes=-0"])
        {
            using var answer = await SendAsync(server, url, ("Range", range));
            await answer.ProblemAsync(416, "range_not_satisfiable");
            Assert.Equal($"bytes */{Length}", answer.Content.Headers.ContentRange!.ToString());
        }
    }

    [Theory]
    [InlineData(Store.Memory)]
    [InlineData(Store.Files)]
    public async Task What_is_no_single_range_of_bytes_gives_the_whole(Store kind)
    {
        await using var server = await RunningServer.StartAsync(Open(kind));
        var (url, _) = await AddAsync(server);
        foreach (var range in (string[])["", "bytes=0-9,20-29", "lines=0-9", "bytes=9-0", "bytes=x-y"])
        {
            using var answer = await SendAsync(server, url, ("Range", range));
            Assert.Equal((range, HttpStatusCode.OK, "bytes"), (range, answer.StatusCode, string.Concat(answer.Headers.AcceptRanges)));
            Assert.Equal(bytes, await answer.Content.ReadAsByteArrayAsync(Cancellation));
        }
    }

    [Theory]
    [InlineData(Store.Memory)]
    [InlineData(Store.Files)]
    public async Task Conditions_are_heeded_before_ranges(Store kind)
    {
        await using var server = await RunningServer.StartAsync(Open(kind));
        var (url, tag) = await AddAsync(server);
        foreach (var (headers, status) in (((string, string)[], HttpStatusCode)[])
        [
            ([("If-None-Match", tag)], HttpStatusCode.NotModified),
            ([("If-None-Match", tag), ("Range", "bytes=0-9")], HttpStatusCode.NotModified),
            ([("If-None-Match", "\"other\""), ("Range", "bytes=0-9")], HttpStatusCode.PartialContent),
            ([("If-Range", tag), ("Range", "bytes=0-9")], HttpStatusCode.PartialContent),
            ([("If-Range", "\"other\""), ("Range", "bytes=0-9")], HttpStatusCode.OK),
            ([("If-Range", "\"other\""), ("Range", "bytes=200000-")], HttpStatusCode.OK),
        ])
        {
            using var answer = await SendAsync(server, url, headers);
            Assert.Equal(status, answer.StatusCode);
            Assert.Equal(tag, answer.Headers.ETag!.ToString());
            Assert.Contains("immutable", answer.Headers.GetValues("Cache-Control").Single());
            var expected = status switch { HttpStatusCode.OK => Length, HttpStatusCode.PartialContent => 10, _ => 0 };
            Assert.Equal(expected, (await answer.Content.ReadAsByteArrayAsync(Cancellation)).Length);
        }
    }

    [Theory]
    [InlineData(Store.Memory)]
    [InlineData(Store.Files)]
    public async Task HEAD_says_what_GET_would_without_the_bytes(Store kind)
    {
        await using var server = await RunningServer.StartAsync(Open(kind));
        var (url, tag) = await AddAsync(server);
        using var answer = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, url), Cancellation);
        Assert.Equal((HttpStatusCode.OK, (long?)Length, tag, "image/webp", "bytes"), (answer.StatusCode, answer.Content.Headers.ContentLength,
            answer.Headers.ETag!.ToString(), answer.Content.Headers.ContentType!.MediaType, string.Concat(answer.Headers.AcceptRanges)));
        Assert.EndsWith(".webp\"", answer.Content.Headers.GetValues("Content-Disposition").Single());
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Theory]
    [InlineData(Store.Memory)]
    [InlineData(Store.Files)]
    public async Task A_picture_that_went_is_410_and_says_why(Store kind)
    {
        var store = Open(kind);
        await using var server = await RunningServer.StartAsync(store);
        var (url, _) = await AddAsync(server);
        await store.RemoveAsync([url.Split('/')[^1]], Cancellation);
        using var answer = await server.Client.GetAsync(url, Cancellation);
        Assert.Equal(store.Retention, (string?)(await answer.ProblemAsync(410, "image_gone"))["detail"]);
    }

    private IArtifactStore Open(Store kind) => kind == Store.Memory
        ? new MemoryArtifactStore(new RandomIds(), 64 << 20)
        : new FileArtifactStore(folder, new RandomIds(), TimeProvider.System, new() { KeepFreeBytes = 0 });

    private async Task<(string Url, string Tag)> AddAsync(RunningServer server)
    {
        var store = (IArtifactStore)server.App.Services.GetService(typeof(IArtifactStore))!;
        var picture = Assert.IsType<ArtifactAdded.Stored>(await store.AddAsync(new string('a', 32), PictureFormat.Webp, bytes, Cancellation)).Artifact;
        return ($"/v1/images/{picture.Id}", $"\"{picture.Sha256}\"");
    }

    private static Task<HttpResponseMessage> SendAsync(RunningServer server, string url, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return server.Client.SendAsync(request, Cancellation);
    }
}
