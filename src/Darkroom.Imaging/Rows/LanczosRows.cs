using System.Numerics;
using System.Runtime.InteropServices;

namespace Darkroom.Imaging.Rows;

/// <summary>
/// Resamples a picture to another size while its rows pass by. It holds as many rows as the kernel is high, whatever the picture's height:
/// a picture too large to keep can be made smaller this way.
/// </summary>
public sealed class LanczosRows : IPixelRows
{
    private readonly int channels;
    private readonly IPixelRows next;
    private readonly LanczosWeights across;
    private readonly LanczosWeights down;
    private readonly float[][] kept; // old rows at the new width; row y lies at y mod its length
    private readonly float[] sum;
    private readonly byte[] row;
    private int taken;
    private int given;

    /// <param name="source">Size of the rows that come.</param>
    /// <param name="target">Size of the rows that go on to <paramref name="next"/>.</param>
    /// <param name="channels">Bytes of a pixel; colours under alpha are to be weighted by the caller.</param>
    public LanczosRows((int Width, int Height) source, (int Width, int Height) target, int channels, IPixelRows next)
    {
        this.channels = channels;
        this.next = next;
        across = new LanczosWeights(source.Width, target.Width);
        down = new LanczosWeights(source.Height, target.Height);
        kept = [.. Enumerable.Range(0, Math.Min(down.Most, source.Height)).Select(_ => new float[target.Width * channels])];
        sum = new float[target.Width * channels];
        row = new byte[target.Width * channels];
    }

    public void Take(ReadOnlySpan<byte> row)
    {
        Narrow(row, kept[taken % kept.Length]);
        taken++;
        while (given < down.Starts.Length && down.Starts[given] + down.Weights[given].Length <= taken) Give();
    }

    /// <summary>A whole picture at another size.</summary>
    public static Picture Resize(Picture picture, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if ((picture.Width, picture.Height) == (width, height)) return picture;
        var result = new PictureRows(width, height, picture.Channels);
        var rows = new LanczosRows((picture.Width, picture.Height), (width, height), picture.Channels, result);
        int line = picture.Width * picture.Channels;
        for (int y = 0; y < picture.Height; y++) rows.Take(picture.Pixels.AsSpan(y * line, line));
        return result.ToPicture();
    }

    private void Narrow(ReadOnlySpan<byte> source, Span<float> target)
    {
        for (int x = 0, to = 0; x < across.Starts.Length; x++, to += channels)
        {
            float[] weights = across.Weights[x];
            for (int channel = 0; channel < channels; channel++)
            {
                float value = 0;
                for (int i = 0, from = across.Starts[x] * channels + channel; i < weights.Length; i++, from += channels) value += weights[i] * source[from];
                target[to + channel] = value;
            }
        }
    }

    private void Give()
    {
        Array.Clear(sum);
        float[] weights = down.Weights[given];
        for (int i = 0; i < weights.Length; i++) Add(kept[(down.Starts[given] + i) % kept.Length], weights[i]);
        for (int i = 0; i < row.Length; i++) row[i] = (byte)(Math.Clamp(sum[i], 0f, 255f) + 0.5f);
        given++;
        next.Take(row);
    }

    private void Add(ReadOnlySpan<float> values, float weight)
    {
        var from = MemoryMarshal.Cast<float, Vector<float>>(values);
        var to = MemoryMarshal.Cast<float, Vector<float>>(sum.AsSpan());
        for (int i = 0; i < from.Length; i++) to[i] += from[i] * weight;
        for (int i = from.Length * Vector<float>.Count; i < values.Length; i++) sum[i] += values[i] * weight;
    }
}
