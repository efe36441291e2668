using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Examples;

/// <summary>What every example of the five tasks makes: the pictures of the README.</summary>
internal static class FiveTasks
{
    private const string Apple = "red apple, 3d render, on a white background";

    /// <summary>Asserts that they are those that the API makes of the same fields.</summary>
    public static async Task AreThoseOfTheApiAsync(HttpClient client, ExampleFolder folder)
    {
        byte[] mask = await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "docs", "task-mask.png"));
        byte[] apple = folder.Read("apple.png");
        (string, byte[])[] sent = [("image", apple)];
        folder.Picture("apple.png", 64, 64);
        await SameAsync("apple.png", "txt2img", [], ("prompt", Apple), ("seed", "42"), ("upscale", "null"));
        folder.Picture("orange.png", 256, 256);
        await SameAsync("orange.png", "img2img", sent,
            ("prompt", "orange, 3d render, on a light blue background"), ("strength", "0.7"), ("seed", "3"), ("upscale", "{}"));
        folder.Picture("inpainted.png", 256, 256);
        await SameAsync("inpainted.png", "inpaint", [.. sent, ("mask", mask)],
            ("prompt", "red apple, 3d render, on a yellow background"), ("strength", "1"), ("seed", "11"), ("upscale", "{}"));
        folder.Picture("wide.png", 512, 256);
        await SameAsync("wide.png", "outpaint", sent,
            ("prompt", Apple), ("left", "32"), ("right", "32"), ("feather", "8"), ("seed", "5"), ("upscale", "{}"));
        folder.Picture("large.png", 256, 256);
        await SameAsync("large.png", "upscale", sent, ("scale", "4"));

        async Task SameAsync(string file, string task, (string, byte[])[] files, params (string, string)[] fields)
        {
            var answer = await client.FormAsync(task, files, fields);
            answer.Picture("image/png");
            Assert.True(answer.Bytes.AsSpan().SequenceEqual(folder.Read(file)), $"{file} is not what the API makes.");
        }
    }
}
