using System.Numerics;

namespace Darkroom.Imaging.Masks;

/// <summary>
/// Grows a mask by whole pixels: the largest value of the square of 2n + 1 pixels around each
/// (Pillow's <c>MaxFilter(2n + 1)</c>), so corners stay corners. Time does not
/// depend on n but for its logarithm.
/// </summary>
public static class MaskGrowth
{
    /// <param name="pixels">How far, at least 0.</param>
    public static Picture Run(Picture mask, int pixels)
    {
        MaskArithmetic.Grey(mask);
        ArgumentOutOfRangeException.ThrowIfNegative(pixels);
        if (pixels == 0) return mask;
        var grown = Picture.Blank(mask.Width, mask.Height, 1);
        byte[] line = new byte[mask.Width + 2 * pixels];
        for (int y = 0; y < mask.Height; y++)
        {
            Array.Clear(line);
            mask.Row(y).CopyTo(line.AsSpan(pixels));
            Windows(line, 1, pixels);
            line.AsSpan(0, mask.Width).CopyTo(grown.Row(y));
        }
        byte[] column = new byte[mask.Width * (mask.Height + 2 * pixels)];
        grown.Pixels.CopyTo(column, mask.Width * pixels);
        Windows(column, mask.Width, pixels);
        column.AsSpan(0, grown.Pixels.Length).CopyTo(grown.Pixels);
        return grown;
    }

    // Windows of 1, 2, 4 … places, each the larger of two that lie side by side; two of the last size cover 2n + 1 between them.
    private static void Windows(Span<byte> values, int stride, int pixels)
    {
        int length = 2 * pixels + 1, width = 1;
        for (; 2 * width <= length; width *= 2) Maximum(values, width * stride);
        if (length > width) Maximum(values, (length - width) * stride);
    }

    private static void Maximum(Span<byte> values, int distance)
    {
        int i = 0, end = values.Length - distance;
        for (; i <= end - Vector<byte>.Count; i += Vector<byte>.Count)
            Vector.Max(new Vector<byte>(values[i..]), new Vector<byte>(values[(i + distance)..])).CopyTo(values[i..]);
        for (; i < end; i++) values[i] = Math.Max(values[i], values[i + distance]);
    }
}
