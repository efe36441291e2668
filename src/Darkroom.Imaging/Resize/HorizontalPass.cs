using System.Runtime.Intrinsics;

namespace Darkroom.Imaging.Resize;

/// <summary>Resizes every line of a picture. A pixel's channels are the lanes of one vector.</summary>
internal static class HorizontalPass
{
    public static Picture Run(Picture picture, ResampleWeights weights, int width)
    {
        var resized = Picture.Blank(width, picture.Height, picture.Channels);
        var line = new Vector128<int>[picture.Width];
        for (int y = 0; y < picture.Height; y++)
        {
            Widen(picture.Row(y), picture.Channels, line);
            var target = resized.Row(y);
            for (int x = 0; x < width; x++)
            {
                var taps = weights.Of(x);
                var source = line.AsSpan(weights.First(x), taps.Length);
                var sum = Vector128.Create(ResampleWeights.Half);
                for (int i = 0; i < taps.Length; i++) sum += source[i] * Vector128.Create(taps[i]);
                Store(sum, target.Slice(x * picture.Channels, picture.Channels));
            }
        }
        return resized;
    }

    private static void Widen(ReadOnlySpan<byte> row, int channels, Span<Vector128<int>> line)
    {
        for (int x = 0, at = 0; x < line.Length; x++, at += channels)
            line[x] = channels switch
            {
                1 => Vector128.CreateScalar((int)row[at]),
                2 => Vector128.Create(row[at], row[at + 1], 0, 0),
                3 => Vector128.Create(row[at], row[at + 1], row[at + 2], 0),
                _ => Vector128.Create(row[at], row[at + 1], row[at + 2], row[at + 3]),
            };
    }

    private static void Store(Vector128<int> sum, Span<byte> pixel)
    {
        var levels = Vector128.Min(Vector128.Max(sum >> ResampleWeights.Precision, Vector128<int>.Zero), Vector128.Create(255));
        for (int channel = 0; channel < pixel.Length; channel++) pixel[channel] = (byte)levels[channel];
    }
}
