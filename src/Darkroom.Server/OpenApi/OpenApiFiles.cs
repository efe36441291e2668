using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace Darkroom.Server.OpenApi;

/// <summary>The document in both versions, made when it is first asked for: it is the same as long as the process lives.</summary>
internal sealed class OpenApiFiles(IAsyncSwaggerProvider documents)
{
    /// <summary>Its version.</summary>
    public const string Document = "v1";

    // The library writes the newest patch of 3.1, which differs in wording alone and which common readers do not know.
    private const string Version = "3.1.1";

    private static readonly JsonSerializerOptions Text = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lazy<Task<(OpenApiFile Newer, OpenApiFile Older)>> files = new(() => Task.Run(() => MakeAsync(documents)));

    /// <summary>Answers with one of them; 304 where the caller has it.</summary>
    public async Task WriteAsync(HttpContext context, bool older)
    {
        var (newer, of30) = await files.Value.WaitAsync(context.RequestAborted);
        var file = older ? of30 : newer;
        var (request, headers) = (context.Request.GetTypedHeaders(), context.Response.Headers);
        headers.ETag = file.Tag;
        headers.CacheControl = "no-cache"; // kept, and asked for again by its tag
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.XContentTypeOptions = "nosniff";
        if (request.IfNoneMatch.Any(tag => tag.Tag == file.Tag || tag.Tag == "*"))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        var zips = request.AcceptEncoding.Any(static one => one.Value == "gzip" && one.Quality is not 0);
        if (zips) headers.ContentEncoding = "gzip";
        context.Response.ContentType = "application/json; charset=utf-8";
        var bytes = zips ? file.Zipped : file.Bytes;
        context.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static async Task<(OpenApiFile, OpenApiFile)> MakeAsync(IAsyncSwaggerProvider documents)
    {
        var document = await documents.GetSwaggerAsync(Document);
        var json = JsonNode.Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1))!.AsObject();
        json["openapi"] = Version;
        return (OpenApiFile.Of(json.ToJsonString(Text)), OpenApiFile.Of(OlderVersion.Of(json).ToJsonString(Text)));
    }
}

/// <summary>A file as it is sent.</summary>
/// <param name="Bytes">UTF-8.</param>
/// <param name="Zipped">The same, by gzip.</param>
/// <param name="Tag">A strong tag of the text.</param>
internal sealed record OpenApiFile(byte[] Bytes, byte[] Zipped, string Tag)
{
    public static OpenApiFile Of(string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        using var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionLevel.Optimal)) zip.Write(bytes);
        return new(bytes, zipped.ToArray(), $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..32]}\"");
    }
}
