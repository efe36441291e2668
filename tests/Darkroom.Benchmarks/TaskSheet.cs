using System.Net.Http.Headers;
using Darkroom.Imaging;
using Darkroom.Imaging.Resize;
using Darkroom.TestKit;

namespace Darkroom.Benchmarks;

/// <summary>
/// Asks a running server for one picture of each of the five tasks over HTTP and lays them side by side as <c>docs/tasks.png</c>, with each picture
/// by itself as <c>docs/task-*.png</c>.
/// </summary>
internal static class TaskSheet
{
    private const int Height = 192, Gap = 8;

    public static async Task RunAsync()
    {
        await using var server = await StartedServer.StartAsync();
        var client = server.Client;
        (string, string) prompt = ("prompt", "red apple, 3d render, on a white background"), crisp = ("upscale", "{}");
        byte[] apple = await AskAsync(client, "txt2img", null, null, prompt, ("seed", "42"), ("upscale", "null"));
        var pictures = new List<(string Name, byte[] File)>
        {
            ("txt2img", apple),
            ("img2img", await AskAsync(
                client, "img2img", apple, null, ("prompt", "orange, 3d render, on a light blue background"), ("strength", "0.7"), ("seed", "3"), crisp)),
            ("inpaint", await AskAsync(
                client, "inpaint", apple, Background(), ("prompt", "red apple, 3d render, on a yellow background"), ("strength", "1"), ("seed", "11"), crisp)),
            ("outpaint", await AskAsync(client, "outpaint", apple, null, prompt, ("left", "32"), ("right", "32"), ("feather", "8"), ("seed", "5"), crisp)),
            ("upscale", await AskAsync(client, "upscale", apple, null)),
        };
        await File.WriteAllBytesAsync(Path.Combine(Repository.Root, "docs", "task-mask.png"), Background());
        foreach (var (name, file) in pictures)
            await File.WriteAllBytesAsync(Path.Combine(Repository.Root, "docs", $"task-{name}.png"), file);

        var shown = pictures.Select(one => Shown(PictureDecoder.Decode(one.File))).ToList();
        var sheet = new Picture(shown.Sum(picture => picture.Width + Gap) + Gap, Height + 2 * Gap, 3, []);
        sheet = sheet with { Pixels = [.. Enumerable.Repeat((byte)255, sheet.Width * sheet.Height * 3)] };
        int left = Gap;
        foreach (var picture in shown)
        {
            sheet.Paste(picture, left, Gap);
            left += picture.Width + Gap;
        }
        string path = Path.Combine(Repository.Root, "docs", "tasks.png");
        await File.WriteAllBytesAsync(path, PictureEncoder.Encode(sheet, PictureFormat.Png, 90, null));
        Console.WriteLine(path);
    }

    internal static async Task<byte[]> AskAsync(HttpClient client, string task, byte[]? image, byte[]? mask, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields) form.Add(new StringContent(value), name);
        if (image is not null) form.Add(new ByteArrayContent(image), "image", "image.png");
        if (mask is not null) form.Add(new ByteArrayContent(mask), "mask", "mask.png");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/{task}") { Content = form };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("image/png"));
        using var answer = await client.SendAsync(request);
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadAsByteArrayAsync()
            : throw new InvalidOperationException($"{task}: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>A mask of the background: everything outside of a disc.</summary>
    private static byte[] Background()
    {
        var mask = Picture.Blank(64, 64, 1);
        for (int y = 0; y < 64; y++)
            for (int x = 0; x < 64; x++)
                mask.Pixels[y * 64 + x] = (x - 32) * (x - 32) + (y - 34) * (y - 34) > 31 * 31 ? (byte)255 : (byte)0;
        return PictureEncoder.Encode(mask, PictureFormat.Png, 90, null);
    }

    /// <summary>Enlarged by whole pixels, or by none, to one height.</summary>
    private static Picture Shown(Picture picture) => Resampler.Resize(
        picture, picture.Width * Height / picture.Height, Height, picture.Height < Height ? ResampleFilter.Nearest : ResampleFilter.Lanczos);
}
