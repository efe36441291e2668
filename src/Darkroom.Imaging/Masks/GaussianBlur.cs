using System.Numerics;

namespace Darkroom.Imaging.Masks;

/// <summary>
/// Pillow's <c>ImageFilter.GaussianBlur</c>, byte for byte: three box filters along the lines,
/// then three along the columns, with the edge's pixels repeated. Channels are
/// blurred apart, alpha like the others.
/// </summary>
public static class GaussianBlur
{
    /// <param name="radius">Standard deviation in pixels, at least 0; 0 gives the picture back.</param>
    public static Picture Run(Picture picture, float radius) => Run(picture, radius, radius);

    /// <param name="across">Standard deviation along the lines in pixels, at least 0.</param>
    /// <param name="down">The same along the columns.</param>
    public static Picture Run(Picture picture, float across, float down)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfNegative(across);
        ArgumentOutOfRangeException.ThrowIfNegative(down);
        if (across == 0 && down == 0) return picture;
        var blurred = picture with { Pixels = [.. picture.Pixels] };
        if (across > 0) AlongLines(blurred, BoxWeights.Of(GaussianRadius.ToBox(across)));
        if (down > 0) AlongColumns(blurred, BoxWeights.Of(GaussianRadius.ToBox(down)));
        return blurred;
    }

    private static void AlongLines(Picture picture, BoxWeights box)
    {
        int reach = box.Radius + 1, channels = picture.Channels, width = picture.Width;
        // The line with the edges repeated, so that no pixel is a special case.
        byte[] line = new byte[width + 2 * reach];
        for (int y = 0; y < picture.Height; y++)
            for (int channel = 0; channel < channels; channel++)
            {
                var row = picture.Row(y)[channel..];
                for (int pass = 0; pass < GaussianRadius.Passes; pass++)
                {
                    line.AsSpan(0, reach).Fill(row[0]);
                    for (int x = 0; x < width; x++) line[reach + x] = row[x * channels];
                    line.AsSpan(reach + width).Fill(row[(width - 1) * channels]);
                    Filter(line, box, row, channels, width);
                }
            }
    }

    private static void Filter(ReadOnlySpan<byte> line, BoxWeights box, Span<byte> row, int channels, int width)
    {
        int span = 2 * box.Radius + 1;
        uint sum = 0;
        for (int i = 0; i < span; i++) sum += line[i];
        for (int x = 0; x < width; x++)
        {
            sum += (uint)(line[x + span] - line[x]);
            row[x * channels] = box.Level(sum, (uint)(line[x] + line[x + span + 1]));
        }
    }

    // All columns step down the picture together: the sums of a whole line are one vector loop.
    private static void AlongColumns(Picture picture, BoxWeights box)
    {
        int stride = picture.Stride, last = picture.Height - 1, radius = box.Radius;
        uint[] sums = new uint[stride];
        byte[] source = new byte[picture.Pixels.Length];
        ReadOnlySpan<byte> Line(int y) => source.AsSpan(Math.Clamp(y, 0, last) * stride, stride);
        for (int pass = 0; pass < GaussianRadius.Passes; pass++)
        {
            picture.Pixels.CopyTo(source, 0);
            Array.Clear(sums);
            for (int y = -radius - 1; y < radius; y++) Add(sums, Line(y));
            for (int y = 0; y <= last; y++) Step(sums, Line(y - radius - 1), Line(y + radius), Line(y + radius + 1), box, picture.Row(y));
        }
    }

    private static void Add(Span<uint> sums, ReadOnlySpan<byte> line)
    {
        for (int i = 0; i < sums.Length; i++) sums[i] += line[i];
    }

    private static void Step(
        Span<uint> sums, ReadOnlySpan<byte> leaving, ReadOnlySpan<byte> entering, ReadOnlySpan<byte> beyond, BoxWeights box, Span<byte> target)
    {
        int i = 0;
        for (; i <= sums.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            var (left, right, far) = (new Vector<byte>(leaving[i..]), new Vector<byte>(entering[i..]), new Vector<byte>(beyond[i..]));
            Vector.Widen(left, out var leftLow, out var leftHigh);
            Vector.Widen(right, out var rightLow, out var rightHigh);
            Vector.Widen(far, out var farLow, out var farHigh);
            var low = Half(sums[i..], leftLow, rightLow, farLow, box);
            var high = Half(sums[(i + Vector<ushort>.Count)..], leftHigh, rightHigh, farHigh, box);
            Vector.Narrow(low, high).CopyTo(target[i..]);
        }
        for (; i < sums.Length; i++)
        {
            sums[i] += (uint)(entering[i] - leaving[i]);
            target[i] = box.Level(sums[i], (uint)(leaving[i] + beyond[i]));
        }
    }

    private static Vector<ushort> Half(Span<uint> sums, Vector<ushort> leaving, Vector<ushort> entering, Vector<ushort> beyond, BoxWeights box)
    {
        Vector.Widen(leaving, out var a, out var b);
        Vector.Widen(entering, out var c, out var d);
        Vector.Widen(beyond, out var e, out var f);
        return Vector.Narrow(Quarter(sums, a, c, e, box), Quarter(sums[Vector<uint>.Count..], b, d, f, box));
    }

    private static Vector<uint> Quarter(Span<uint> sums, Vector<uint> leaving, Vector<uint> entering, Vector<uint> beyond, BoxWeights box)
    {
        var sum = new Vector<uint>(sums) + entering - leaving;
        sum.CopyTo(sums);
        return (sum * box.Whole + (leaving + beyond) * box.Edge + new Vector<uint>(1u << 23)) >> 24;
    }
}
