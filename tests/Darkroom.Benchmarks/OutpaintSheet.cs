using System.Diagnostics;
using Darkroom.Imaging;
using Darkroom.TestKit;

namespace Darkroom.Benchmarks;

/// <summary>
/// Asks a running server for outpaintings in one and in many windows, and writes each three times enlarged into the temporary folder, to be looked at:
/// whether a window can be seen is nothing that a number says.
/// </summary>
internal static class OutpaintSheet
{
    private const int Zoom = 3;

    private static readonly (string Prompt, string Seed, int Left, int Right, int Up, int Down, string Strength)[] Cases =
    [
        ("red apple, 3d render, on a white background", "42", 64, 64, 32, 0, "1"),
        ("red apple, 3d render, on a white background", "42", 32, 0, 0, 0, "1"),
        ("fox, 3d render, on a light blue background", "7", 96, 96, 0, 0, "1"),
        ("a penguin on a mint green background", "1234", 0, 200, 0, 0, "1"),
        ("cactus, 3d render, on a yellow background", "2", 0, 64, 0, 64, "1"),
        ("house, 3d render, on a pink background", "11", 50, 70, 45, 60, "1"),
        ("guitar, 3d render, on a teal background", "3", 0, 0, 150, 0, "1"),
        ("fox, 3d render, on a light blue background", "7", 96, 96, 0, 0, "0.7"),
    ];

    public static async Task RunAsync()
    {
        await using var server = await StartedServer.StartAsync();
        string folder = Directory.CreateTempSubdirectory("darkroom-outpaint-").FullName;
        for (int i = 0; i < Cases.Length; i++)
        {
            var one = Cases[i];
            byte[] picture = await TaskSheet.AskAsync(server.Client, "txt2img", null, null, ("prompt", one.Prompt), ("seed", one.Seed), ("upscale", "null"));
            long started = Stopwatch.GetTimestamp();
            byte[] wide = await TaskSheet.AskAsync(
                server.Client, "outpaint", picture, null, ("prompt", one.Prompt), ("seed", "5"), ("left", $"{one.Left}"), ("right", $"{one.Right}"),
                ("up", $"{one.Up}"),
                ("down", $"{one.Down}"), ("strength", one.Strength));
            string path = Path.Combine(folder, $"{i}.png");
            var shown = PictureDecoder.Decode(wide);
            shown = Imaging.Resize.Resampler.Resize(shown, shown.Width * Zoom, shown.Height * Zoom, Imaging.Resize.ResampleFilter.Nearest);
            await File.WriteAllBytesAsync(path, PictureEncoder.Encode(shown, PictureFormat.Png, 90, null));
            Console.WriteLine($"{path}  {one.Prompt}: {shown.Width / Zoom} x {shown.Height / Zoom} in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        }
    }
}
