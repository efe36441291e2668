using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Server.Tests.Scripted;
using Darkroom.TestKit;

namespace Darkroom.Server.Tests.OpenApi;

public sealed class OpenApiTests
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Where the wire is meant to change, run once with DARKROOM_APPROVE=1 and review the difference.</summary>
    [Theory]
    [InlineData("/openapi/v1.json", "openapi.json")]
    [InlineData("/openapi/v1-3.0.json", "openapi-3.0.json")]
    public async Task The_document_is_the_approved_one(string address, string file)
    {
        var approved = Path.Combine(Repository.Root, "tests", "Darkroom.Server.Tests", "Approved", file);
        await using var server = await RunningServer.StartAsync();
        var document = JsonNode.Parse(await server.Client.GetStringAsync(address))!.ToJsonString(Readable).ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("DARKROOM_APPROVE") == "1") await File.WriteAllTextAsync(approved, document + "\n");
        Assert.Equal((await File.ReadAllTextAsync(approved)).TrimEnd(), document);
    }

    [Theory]
    [InlineData("/openapi/v1.json")]
    [InlineData("/openapi/v1-3.0.json")]
    public async Task Who_has_the_document_is_not_sent_it_again_and_who_takes_gzip_gets_less(string address)
    {
        await using var server = await RunningServer.StartAsync();
        using var whole = await server.Client.GetAsync(address);
        Assert.Equal("no-cache", whole.Headers.CacheControl!.ToString());
        var bytes = await whole.Content.ReadAsByteArrayAsync();

        using var again = new HttpRequestMessage(HttpMethod.Get, address);
        again.Headers.IfNoneMatch.Add(whole.Headers.ETag!);
        using var same = await server.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Empty(await same.Content.ReadAsByteArrayAsync());

        using var small = new HttpRequestMessage(HttpMethod.Get, address);
        small.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        using var zipped = await server.Client.SendAsync(small);
        Assert.Equal("gzip", zipped.Content.Headers.ContentEncoding.Single());
        await using var unzipped = new GZipStream(await zipped.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var read = new MemoryStream();
        await unzipped.CopyToAsync(read);
        Assert.Equal(bytes, read.ToArray());
        Assert.InRange(zipped.Content.Headers.ContentLength!.Value, 1, bytes.Length / 5);
    }
}
