using System.Numerics;
using System.Runtime.InteropServices;

namespace Darkroom.Imaging.Tiles;

/// <summary>The sums that a tile's answers are added to, [W] of one line.</summary>
/// <param name="channel">The plane.</param>
/// <param name="row">The line in pixels of the answer for the whole plan.</param>
internal delegate Span<float> SumsOf(int channel, int row);

/// <summary>What part each tile of a plan has in each pixel of the answer: linear cross-fades over the cuts, that add up to 1 everywhere.</summary>
internal sealed class TileWeights
{
    private readonly TilePlan plan;
    private readonly int scale;
    private readonly int fadeX, fadeY;
    private readonly float[] weights;

    /// <param name="plan">The tiles.</param>
    /// <param name="scale">Pixels of the answer for each pixel of the input; 1 or more.</param>
    /// <param name="fade">Input pixels on each side of a cut over which two tiles are mixed; 0 is a hard cut. Cut down to what the plan allows.</param>
    public TileWeights(TilePlan plan, int scale, int fade)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(fade);
        (this.plan, this.scale) = (plan, scale);
        fadeX = TilePlan.FadeWithin(plan.Horizontal, fade) * scale;
        fadeY = TilePlan.FadeWithin(plan.Vertical, fade) * scale;
        weights = new float[plan.Window.Width * scale];
    }

    /// <summary>Lines of the answer that a row of tiles has a part in.</summary>
    public (int From, int To) Rows(int tileRow) => Reach(plan.Vertical, tileRow, fadeY);

    /// <summary>Adds a tile's answer, weighted, to the sums.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="channels">Planes of the answer.</param>
    /// <param name="answer">[C, window height · scale, window width · scale]</param>
    /// <param name="sums">The lines that take it.</param>
    public void Add(in Tile tile, int channels, ReadOnlySpan<float> answer, SumsOf sums)
    {
        var (windowWidth, windowHeight) = (tile.Window.Width * scale, tile.Window.Height * scale);
        if (answer.Length != channels * windowWidth * windowHeight)
            throw new ArgumentException($"{answer.Length} values for {channels} planes of {windowWidth} x {windowHeight}.", nameof(answer));
        var (left, right) = Reach(plan.Horizontal, tile.Column, fadeX);
        var (upper, lower) = Rows(tile.Row);
        var across = weights.AsSpan(0, right - left);
        for (int x = left; x < right; x++) across[x - left] = Weight(plan.Horizontal, tile.Column, fadeX, x);
        for (int channel = 0; channel < channels; channel++)
            for (int y = upper; y < lower; y++)
            {
                int from = (channel * windowHeight + y - tile.Window.Y * scale) * windowWidth + left - tile.Window.X * scale;
                AddLine(answer.Slice(from, right - left), across, Weight(plan.Vertical, tile.Row, fadeY, y), sums(channel, y).Slice(left, right - left));
            }
    }

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
