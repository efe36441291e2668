using System.Runtime.Intrinsics;

namespace Darkroom.Imaging.Resize;

/// <summary>Resizes every column of a picture, sixteen bytes of a line at a time.</summary>
internal static class VerticalPass
{
    public static Picture Run(Picture picture, ResampleWeights weights, int height)
    {
        var resized = Picture.Blank(picture.Width, height, picture.Channels);
        int stride = picture.Stride;
        for (int y = 0; y < height; y++)
        {
            var taps = weights.Of(y);
            var source = picture.Pixels.AsSpan(weights.First(y) * stride, taps.Length * stride);
            var target = resized.Row(y);
            int x = 0;
            for (; x <= stride - Vector128<byte>.Count; x += Vector128<byte>.Count) Sixteen(source, stride, taps, x, target);
            for (; x < stride; x++)
            {
                int sum = ResampleWeights.Half;
                for (int i = 0; i < taps.Length; i++) sum += source[i * stride + x] * taps[i];
                target[x] = (byte)Math.Clamp(sum >> ResampleWeights.Precision, 0, 255);
            }
        }
        return resized;
    }

    private static void Sixteen(ReadOnlySpan<byte> source, int stride, ReadOnlySpan<int> taps, int x, Span<byte> target)
    {
        var half = Vector128.Create(ResampleWeights.Half);
        var (a, b, c, d) = (half, half, half, half);
        for (int i = 0; i < taps.Length; i++)
        {
            var weight = Vector128.Create(taps[i]);
            var (low, high) = Vector128.Widen(Vector128.Create(source[(i * stride + x)..]));
            var (first, second) = Vector128.Widen(low);
            var (third, fourth) = Vector128.Widen(high);
            a += first.AsInt32() * weight;
            b += second.AsInt32() * weight;
            c += third.AsInt32() * weight;
            d += fourth.AsInt32() * weight;
        }
        Vector128.Narrow(Vector128.Narrow(Level(a), Level(b)), Vector128.Narrow(Level(c), Level(d))).CopyTo(target[x..]);
    }

    private static Vector128<uint> Level(Vector128<int> sum) =>
        Vector128.Min(Vector128.Max(sum >> ResampleWeights.Precision, Vector128<int>.Zero), Vector128.Create(255)).AsUInt32();
}
