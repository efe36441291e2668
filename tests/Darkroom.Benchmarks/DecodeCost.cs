using System.Diagnostics;
using Darkroom.Imaging;
using Darkroom.Imaging.Decoding;

namespace Darkroom.Benchmarks;

/// <summary>
/// What a picture that is sent costs before its job runs: its headers read, its pixels decoded, as PNG, JPEG and WebP of 2048 x 2048 with the grain of a
/// photograph.
/// </summary>
internal static class DecodeCost
{
    private const int Side = 2048, Runs = 9;

    public static void Run()
    {
        var picture = Photograph();
        foreach (var format in (PictureFormat[])[PictureFormat.Png, PictureFormat.Jpeg, PictureFormat.Webp])
        {
            byte[] file = PictureEncoder.Encode(picture, format, 90, null);
            double headers = Median(() => PictureDecoder.TryInspect(file, PictureLimits.Default, out _, out _));
            double pixels = Median(() => PictureDecoder.TryDecode(file, PictureLimits.Default, out _, out _));
            Console.WriteLine($"{format}, {file.Length >> 10} KiB: headers {headers:0.00} ms, pixels {pixels:0.0} ms");
        }
    }

    private static double Median(Func<bool> run)
    {
        var times = new List<double>();
        for (int i = 0; i < Runs; i++)
        {
            long started = Stopwatch.GetTimestamp();
            if (!run()) throw new InvalidOperationException("The picture is refused.");
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        return times.Order().ElementAt(Runs / 2);
    }

    private static Picture Photograph()
    {
        var picture = Picture.Blank(Side, Side, 3);
        uint state = 1;
        for (int i = 0; i < picture.Pixels.Length; i++)
        {
            state = state * 1664525 + 1013904223;
            int x = i / 3 % Side, y = i / 3 / Side;
            picture.Pixels[i] = (byte)(128 + 90 * Math.Sin(x * 0.01 + i % 3) * Math.Cos(y * 0.013) + (state >> 29));
        }
        return picture;
    }
}
