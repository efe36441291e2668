using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Imaging;

namespace Darkroom.EndToEnd.Automatic1111;

/// <summary>Calls as clients of AUTOMATIC1111's API make them.</summary>
internal static class Automatic1111Calls
{
    public static Task<JsonNode> PostAsync(this HttpClient client, string path, JsonNode body) => client.SdAsync(HttpMethod.Post, path, body);

    public static Task<JsonNode> ReadAsync(this HttpClient client, string path, JsonNode? body = null) => client.SdAsync(HttpMethod.Get, path, body);

    /// <summary>The answer of a 200.</summary>
    public static async Task<JsonNode> SdAsync(this HttpClient client, HttpMethod method, string path, JsonNode? body = null)
    {
        var (status, text) = await client.TryAsync(method, path, body?.ToJsonString());
        Assert.True(status == 200, $"{method} {path}: {status} {text[..Math.Min(2000, text.Length)]}");
        return JsonNode.Parse(text)!;
    }

    public static async Task<(int Status, string Text)> TryAsync(this HttpClient client, HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>SHA-256 of the pictures of an answer.</summary>
    public static string[] Hashes(this JsonNode answer) =>
        [.. answer["images"]!.AsArray().Select(image => Convert.ToHexStringLower(SHA256.HashData(Convert.FromBase64String((string)image!))))];

    /// <summary>What clients parse out of the text.</summary>
    public static JsonNode Info(this JsonNode answer) => JsonNode.Parse((string)answer["info"]!)!;

    /// <summary>The hashes that the native API gives for a body.</summary>
    public static async Task<string[]> NativeAsync(this HttpClient client, string task, JsonObject body)
    {
        var answer = await client.PostAsync(JsonSerializer.Deserialize<JsonElement>(body.ToJsonString()), task: task);
        return answer.Pictures();
    }

    /// <summary>A client whose calls come from another address of this machine.</summary>
    public static HttpClient From(Uri server, string address) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Parse(address), 0));
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = server, Timeout = TimeSpan.FromMinutes(3) };
}

/// <summary>Pictures to send.</summary>
internal static class PlainPicture
{
    /// <summary>A grey PNG.</summary>
    public static byte[] Png(int width, int height)
    {
        var picture = Picture.Blank(width, height, 1);
        Array.Fill(picture.Pixels, (byte)128);
        return PictureEncoder.Encode(picture, PictureFormat.Png, 100, null);
    }
}
