using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Darkroom.Imaging;

namespace Darkroom.EndToEnd.Clients;

/// <summary>A server with a key, and two pictures to send it.</summary>
public sealed class ClientServer : StarterServer, IAsyncLifetime
{
    internal const string Key = "clients-0123456789abcdef";

    internal string Folder { get; } = Directory.CreateTempSubdirectory("darkroom-clients-").FullName;

    internal byte[] Canvas { get; } = PictureEncoder.Encode(
        new Picture(64, 64, 3, [.. Enumerable.Range(0, 64 * 64 * 3).Select(i => (byte)(i * 7 / 48))]), PictureFormat.Png, 90, null);

    /// <summary>Transparent, and so to be repainted, in the middle.</summary>
    internal byte[] Mask { get; } = PictureEncoder.Encode(
        new Picture(64, 64, 4, [.. Enumerable.Range(0, 64 * 64).SelectMany(i => new byte[]
            { 0, 0, 0, (byte)(i % 64 is > 16 and < 48 && i / 64 is > 16 and < 48 ? 0 : 255) })]), PictureFormat.Png, 90, null);

    internal override IReadOnlyList<(string Name, string Value)> Settings => [("Darkroom__ApiKey", Key)];

    internal string Address => Client.BaseAddress!.ToString().TrimEnd('/');

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        await File.WriteAllBytesAsync(Path.Combine(Folder, "canvas.png"), Canvas);
        await File.WriteAllBytesAsync(Path.Combine(Folder, "mask.png"), Mask);
    }

    /// <summary>SHA-256 of the pictures that the native address of a task makes.</summary>
    internal async Task<string[]> NativeAsync(string task, Dictionary<string, object?> body)
    {
        if (task != "txt2img") body["image"] = Convert.ToBase64String(Canvas);
        if (task == "inpaint") body["mask"] = Convert.ToBase64String(Mask);
        return (await Client.PostAsync(body, task: task)).Pictures();
    }

    /// <summary>The job that was admitted last.</summary>
    internal async Task<JsonElement> LastJobAsync() =>
        (await Client.FetchAsync("/v1/jobs?limit=1")).Succeeded().GetProperty("data").EnumerateArray().First();

    internal static string Sha(ReadOnlySpan<byte> file) => Convert.ToHexStringLower(SHA256.HashData(file));
}
