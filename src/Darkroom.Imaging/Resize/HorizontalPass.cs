using System.Runtime.Intrinsics;

namespace Darkroom.Imaging.Resize;

/// <summary>Resizes every line of a picture. A pixel's channels are the lanes of one vector.</summary>
internal static class HorizontalPass
{
    public static Picture Run(Picture picture, ResampleWeights weights, int width)
    {
        var resized = Picture.Blank(width, picture.Height, picture.Channels);
        var line = new Vector128<int>[picture.Width];
        for (int y = 0; y < picture.Height; y++) Row(picture.Row(y), picture.Channels, weights, line, resized.Row(y));
        return resized;
    }

    /// <summary>One line.</summary>
    /// <param name="line">Room for as many pixels as the old line has.</param>
    public static void Row(ReadOnlySpan<byte> row, int channels, ResampleWeights weights, Span<Vector128<int>> line, Span<byte> target)
    {
        Widen(row, channels, line);
        for (int x = 0, at = 0; at < target.Length; x++, at += channels)
        {
            var taps = weights.Of(x);
            var source = line.Slice(weights.First(x), taps.Length);
            var sum = Vector128.Create(ResampleWeights.Half);
            for (int i = 0; i < taps.Length; i++) sum += source[i] * Vector128.Create(taps[i]);
            Store(sum, target.Slice(at, channels));
        }
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
