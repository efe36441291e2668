using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Darkroom.Imaging;

namespace Darkroom.EndToEnd;

/// <summary>An HTTP answer, read to its end.</summary>
internal sealed record Answer(int Status, HttpResponseHeaders Headers, HttpContentHeaders Content, byte[] Bytes)
{
    public string? MediaType => Content.ContentType?.MediaType;

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Bytes);

    public string Text => $"{Status} {Encoding.UTF8.GetString(Bytes.AsSpan(0, Math.Min(Bytes.Length, 2000)))}";

    /// <summary>The picture that the answer is.</summary>
    public Picture Picture(string mediaType)
    {
        Assert.True(Status == 200, Text);
        Assert.Equal(mediaType, MediaType);
        return PictureDecoder.Decode(Bytes);
    }

    /// <summary>The JSON of a 200.</summary>
    public JsonElement Succeeded()
    {
        Assert.True(Status == 200, Text);
        return Json;
    }

    /// <summary>SHA-256 of every picture of the JSON, which its data must have.</summary>
    public string[] Pictures()
    {
        var images = Succeeded().GetProperty("images").EnumerateArray().ToArray();
        foreach (var image in images)
        {
            byte[] data = image.GetProperty("data").GetBytesFromBase64();
            Assert.Equal(image.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(data)));
            Assert.Equal(image.GetProperty("bytes").GetInt64(), data.Length);
        }
        return [.. images.Select(image => image.GetProperty("sha256").GetString()!)];
    }

    /// <summary>The problem document, complete, of the status and kind.</summary>
    public JsonElement Problem(int status, string slug)
    {
        Assert.True(Status == status, $"{status} {slug} expected: {Text}");
        Assert.Equal("application/problem+json", MediaType);
        var problem = Json;
        Assert.Equal("/problems/" + slug, problem.GetProperty("type").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        Assert.StartsWith("/", problem.GetProperty("instance").GetString());
        Assert.Equal(Assert.Single(Headers.GetValues("X-Request-Id")), problem.GetProperty("request_id").GetString());
        return problem;
    }
}
