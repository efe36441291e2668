using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Darkroom.Imaging;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.OpenAi;

/// <summary>Requests as OpenAI's clients send them, and what comes of them.</summary>
internal static class OpenAiCalls
{
    public const string Generations = "/v1/images/generations", Edits = "/v1/images/edits", Variations = "/v1/images/variations";

    public static Task<HttpResponseMessage> SendAsync(this RunningServer server, string json, string path = Generations) => server.PostAsync(json, path: path);

    /// <summary>A form: a <c>byte[]</c> is a file, all else text.</summary>
    public static Task<HttpResponseMessage> FormAsync(this RunningServer server, string path, params (string Name, object Value)[] parts)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in parts)
            if (value is byte[] file)
                // As the .NET client has it: its type says nothing.
                form.Add(new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } }, name, "fox.bin");
            else form.Add(new StringContent((string)value), name);
        return server.Client.PostAsync(path, form);
    }

    public static string DataUrl(byte[] file, string type = "image/png") => $"data:{type};base64,{Convert.ToBase64String(file)}";

    /// <summary>The answer of a 200.</summary>
    public static async Task<JsonObject> ImagesAsync(this HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == 200, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(text.Length, response.Content.Headers.ContentLength);
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>The error, which must have all four members, and the request's id in its header.</summary>
    public static async Task<JsonObject> ErrorAsync(this HttpResponseMessage response, int status, string? param, string code)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{status} {code} expected: {(int)response.StatusCode}: {text}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var error = Assert.Single(JsonNode.Parse(text)!.AsObject(), member => member.Key == "error").Value!.AsObject();
        Assert.Equal(["code", "message", "param", "type"], error.Select(member => member.Key).Order());
        Assert.Equal((param, code), ((string?)error["param"], (string?)error["code"]));
        Assert.Equal(status == 429 ? "rate_limit_error" : status >= 500 ? "server_error" : "invalid_request_error", (string?)error["type"]);
        Assert.NotEmpty((string)error["message"]!);
        Assert.NotEmpty(response.Headers.GetValues("x-request-id").Single());
        return error;
    }

    /// <summary>A picture whose file is long, as noise's is.</summary>
    public static byte[] Noise(int side)
    {
        var pixels = new byte[side * side * 3];
        new Random(1).NextBytes(pixels);
        return PictureEncoder.Encode(new Picture(side, side, 3, pixels), PictureFormat.Png, 90, null);
    }

    public static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
