using System.Runtime.Intrinsics;
using Darkroom.Imaging.Resize;

namespace Darkroom.Imaging.Rows;

/// <summary>
/// Resamples a picture with the Lanczos kernel while its rows pass by, in the arithmetic of
/// <see cref="Resampler"/>. It holds as many rows as the kernel is high,
/// whatever the picture's height: a picture too large to keep can be made smaller this way.
/// </summary>
public sealed class LanczosRows : IPixelRows
{
    private readonly int channels;
    private readonly int height;
    private readonly IPixelRows next;
    private readonly ResampleWeights across;
    private readonly ResampleWeights down;
    private readonly Vector128<int>[] line;
    private readonly byte[][] kept; // old rows at the new width; row y lies at y mod its length
    private readonly int[] sums;
    private readonly byte[] result;
    private int taken;
    private int given;

    /// <param name="source">Size of the rows that come.</param>
    /// <param name="target">Size of the rows that go on to <paramref name="next"/>.</param>
    /// <param name="channels">Bytes of a pixel, 1 to 4; colours are not weighed by alpha.</param>
    public LanczosRows((int Width, int Height) source, (int Width, int Height) target, int channels, IPixelRows next)
    {
        this.channels = channels;
        this.next = next;
        height = target.Height;
        across = new ResampleWeights(ResampleFilter.Lanczos, source.Width, 0, source.Width, target.Width);
        down = new ResampleWeights(ResampleFilter.Lanczos, source.Height, 0, source.Height, target.Height);
        line = new Vector128<int>[source.Width];
        int most = Enumerable.Range(0, height).Max(y => down.Of(y).Length);
        kept = [.. Enumerable.Range(0, most).Select(_ => new byte[target.Width * channels])];
        sums = new int[target.Width * channels];
        result = new byte[target.Width * channels];
    }

    public void Take(ReadOnlySpan<byte> row)
    {
        HorizontalPass.Row(row, channels, across, line, kept[taken % kept.Length]);
        taken++;
        while (given < height && down.First(given) + down.Of(given).Length <= taken) Give();
    }

    private void Give()
    {
        sums.AsSpan().Fill(ResampleWeights.Half);
        var taps = down.Of(given);
        for (int i = 0; i < taps.Length; i++) Add(kept[(down.First(given) + i) % kept.Length], taps[i]);
        for (int i = 0; i < result.Length; i++) result[i] = (byte)Math.Clamp(sums[i] >> ResampleWeights.Precision, 0, 255);
        given++;
        next.Take(result);
    }

    private void Add(ReadOnlySpan<byte> row, int weight)
    {
        var weights = Vector256.Create(weight);
        int i = 0;
        for (; i <= row.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.WidenLower(Vector128.Create(row[i..]).ToVector256Unsafe()));
            (low.AsInt32() * weights + Vector256.Create(sums.AsSpan(i))).CopyTo(sums.AsSpan(i));
            (high.AsInt32() * weights + Vector256.Create(sums.AsSpan(i + Vector256<int>.Count))).CopyTo(sums.AsSpan(i + Vector256<int>.Count));
        }
        for (; i < row.Length; i++) sums[i] += row[i] * weight;
    }
}
