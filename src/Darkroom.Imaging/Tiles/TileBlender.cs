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
    private readonly TileWeights weights;
    private readonly IPixelRows next;
    private readonly int width;
    private readonly float[] band; // [C, bandRows, width]: sums of weighted answers, 0…1
    private readonly int bandRows;
    private readonly byte[] line;
    private int top; // output row that the band begins with
    private int added;

    /// <param name="scale">Pixels of the answer for each pixel of the input; 1 or more.</param>
    /// <param name="channels">Planes of an answer.</param>
    /// <param name="fade">Input pixels on each side of a cut over which two tiles are mixed; 0 is a hard cut. Cut down to what the plan allows.</param>
    /// <param name="next">Takes Height · scale rows of Width · scale · channels bytes, from the top: clamp(v) · 255 + 0.5, truncated.</param>
    public TileBlender(TilePlan plan, int scale, int channels, int fade, IPixelRows next)
    {
        weights = new TileWeights(plan, scale, fade);
        this.plan = plan;
        this.scale = scale;
        this.channels = channels;
        this.next = next;
        width = plan.Width * scale;
        bandRows = Enumerable.Range(0, plan.Vertical.Count).Max(row => weights.Rows(row) is var (from, to) ? to - from : 0);
        band = new float[checked(channels * bandRows * width)];
        line = new byte[width * channels];
    }

    /// <summary>Adds the answer for the next tile: they come in the plan's order.</summary>
    /// <param name="answer">[C, window height · scale, window width · scale], not clamped.</param>
    public void Add(int index, ReadOnlySpan<float> answer)
    {
        if (index != added) throw new ArgumentException($"Tile {added} is next, not {index}.", nameof(index));
        var tile = plan[index];
        weights.Add(tile, channels, answer, (channel, row) => LineAt(channel, row - top));
        added++;
        if (tile.Column == plan.Horizontal.Count - 1) Give(tile.Row);
    }

    /// <summary>Gives away the rows that no later tile reaches, and moves the rest to the band's begin.</summary>
    private void Give(int tileRow)
    {
        int end = tileRow + 1 < plan.Vertical.Count ? weights.Rows(tileRow + 1).From : plan.Height * scale;
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
}
