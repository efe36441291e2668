using System.Numerics;
using System.Runtime.InteropServices;
using Darkroom.Imaging.Rows;

namespace Darkroom.Imaging.Tiles;

/// <summary>
/// Puts the answers for a plan's tiles together, with a linear cross-fade over each cut, and
/// gives finished rows on. It holds one band of tiles, never the picture.
/// </summary>
public sealed class TileBlender
{
    private readonly TilePlan plan;
    private readonly int scale;
    private readonly int channels;
    private readonly int fadeX;
    private readonly int fadeY;
    private readonly IPixelRows next;
    private readonly int width;
    private readonly float[] band; // [C, bandRows, width]: sums of weighted answers, 0…1
    private readonly int bandRows;
    private readonly byte[] line;
    private readonly float[] weights;
    private int top; // output row that the band begins with
    private int added;

    /// <param name="scale">Pixels of the answer for each pixel of the input; 1 or more.</param>
    /// <param name="channels">Planes of an answer.</param>
    /// <param name="fade">Input pixels on each side of a cut over which two tiles are mixed; 0 is a hard cut. Cut down to what the plan allows.</param>
    /// <param name="next">Takes Height · scale rows of Width · scale · channels bytes, from the top: clamp(v) · 255 + 0.5, truncated.</param>
    public TileBlender(TilePlan plan, int scale, int channels, int fade, IPixelRows next)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(fade);
        this.plan = plan;
        this.scale = scale;
        this.channels = channels;
        this.next = next;
        fadeX = TilePlan.FadeWithin(plan.Horizontal, fade) * scale;
        fadeY = TilePlan.FadeWithin(plan.Vertical, fade) * scale;
        width = plan.Width * scale;
        bandRows = Enumerable.Range(0, plan.Vertical.Count).Max(row => Reach(plan.Vertical, row, fadeY) is var (from, to) ? to - from : 0);
        band = new float[checked(channels * bandRows * width)];
        line = new byte[width * channels];
        weights = new float[plan.Window.Width * scale];
    }

    /// <summary>Adds the answer for the next tile: they come in the plan's order.</summary>
    /// <param name="answer">[C, window height · scale, window width · scale], not clamped.</param>
    public void Add(int index, ReadOnlySpan<float> answer)
    {
        if (index != added) throw new ArgumentException($"Tile {added} is next, not {index}.", nameof(index));
        var tile = plan[index];
        var (windowWidth, windowHeight) = (tile.Window.Width * scale, tile.Window.Height * scale);
        if (answer.Length != channels * windowWidth * windowHeight)
            throw new ArgumentException($"{answer.Length} values for {channels} planes of {windowWidth} x {windowHeight}.", nameof(answer));
        var (left, right) = Reach(plan.Horizontal, tile.Column, fadeX);
        var (upper, lower) = Reach(plan.Vertical, tile.Row, fadeY);
        var across = weights.AsSpan(0, right - left);
        for (int x = left; x < right; x++) across[x - left] = Weight(plan.Horizontal, tile.Column, fadeX, x);
        for (int channel = 0; channel < channels; channel++)
            for (int y = upper; y < lower; y++)
            {
                int from = (channel * windowHeight + y - tile.Window.Y * scale) * windowWidth + left - tile.Window.X * scale;
                AddLine(
                    answer.Slice(from, right - left), across, Weight(plan.Vertical, tile.Row, fadeY, y), LineAt(channel, y - top).Slice(left, right - left));
            }
        added++;
        if (tile.Column == plan.Horizontal.Count - 1) Give(tile.Row);
    }

    /// <summary>Gives away the rows that no later tile reaches, and moves the rest to the band's begin.</summary>
    private void Give(int tileRow)
    {
        int end = tileRow + 1 < plan.Vertical.Count ? Reach(plan.Vertical, tileRow + 1, fadeY).From : plan.Height * scale;
        int rows = end - top, rest = Math.Max(0, bandRows - rows);
        for (int y = 0; y < rows; y++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                var values = LineAt(channel, y);
                for (int x = 0, to = channel; x < values.Length; x++, to += channels)
                    line[to] = (byte)(float.MinNumber(float.MaxNumber(values[x], 0f), 1f) * 255f + 0.5f);
            }
            next.Take(line);
        }
        for (int channel = 0; channel < channels; channel++)
        {
            var rowsOfChannel = band.AsSpan(channel * bandRows * width, bandRows * width);
            rowsOfChannel[(rowsOfChannel.Length - rest * width)..].CopyTo(rowsOfChannel);
            rowsOfChannel[(rest * width)..].Clear();
        }
        top = end;
    }

    private Span<float> LineAt(int channel, int row) => band.AsSpan((channel * bandRows + row) * width, width);

    /// <summary>Output pixels that a tile has a part in.</summary>
    private (int From, int To) Reach(TileAxis axis, int index, int fade) => (
        index == 0 ? 0 : axis.Cuts[index] * scale - fade,
        index == axis.Count - 1 ? axis.Length * scale : axis.Cuts[index + 1] * scale + fade);

    /// <summary>
    /// A tile's share in an output pixel: falls from 1 to 0 in a straight line from <paramref name="fade"/> before a cut to as far after it.
    /// </summary>
    private float Weight(TileAxis axis, int index, int fade, int at)
    {
        if (fade == 0) return 1;
        if (index > 0 && at < axis.Cuts[index] * scale + fade) return Ramp(at - axis.Cuts[index] * scale, fade);
        if (index < axis.Count - 1 && at >= axis.Cuts[index + 1] * scale - fade) return 1 - Ramp(at - axis.Cuts[index + 1] * scale, fade);
        return 1;
    }

    private static float Ramp(int fromCut, int fade) => (fromCut + fade + 0.5f) / (2 * fade);

    private static void AddLine(ReadOnlySpan<float> answer, ReadOnlySpan<float> across, float down, Span<float> sums)
    {
        var from = MemoryMarshal.Cast<float, Vector<float>>(answer);
        var by = MemoryMarshal.Cast<float, Vector<float>>(across);
        var to = MemoryMarshal.Cast<float, Vector<float>>(sums);
        for (int i = 0; i < from.Length; i++) to[i] += from[i] * (by[i] * down);
        for (int i = from.Length * Vector<float>.Count; i < answer.Length; i++) sums[i] += answer[i] * (across[i] * down);
    }
}
