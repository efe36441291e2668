namespace Darkroom.Imaging.Tiles;

/// <summary>How a picture is cut into overlapping tiles for a network that cannot take it whole. Pure geometry, and the same for the same numbers.</summary>
public sealed record TilePlan(TileAxis Horizontal, TileAxis Vertical)
{
    public int Width => Horizontal.Length;

    public int Height => Vertical.Length;

    /// <summary>Pixels of every tile's window.</summary>
    public (int Width, int Height) Window => (Horizontal.Window, Vertical.Window);

    public int Count => Horizontal.Count * Vertical.Count;

    /// <summary>Tile <paramref name="index"/>, left to right, then top to bottom.</summary>
    public Tile this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            int column = index % Horizontal.Count, row = index / Horizontal.Count;
            int left = Horizontal.Cuts[column], top = Vertical.Cuts[row];
            return new Tile(index, column, row,
                new PixelRect(Horizontal.Starts[column], Vertical.Starts[row], Horizontal.Window, Vertical.Window),
                new PixelRect(left, top, Horizontal.Cuts[column + 1] - left, Vertical.Cuts[row + 1] - top));
        }
    }

    /// <param name="tile">Pixels of a tile's own share on each side, at most.</param>
    /// <param name="overlap">Pixels that a tile sees beyond each of its inner cuts, at least.</param>
    /// <param name="multiple">Sides of the windows are a multiple of it.</param>
    public static TilePlan Make(int width, int height, int tile, int overlap, int multiple = 1) =>
        new(TileAxis.Even(width, tile, overlap, multiple), TileAxis.Even(height, tile, overlap, multiple));

    /// <summary>
    /// How far on each side of a cut two tiles may be mixed, in pixels: never where a tile has no answer of its own, and never so far that two fades overlap.
    /// </summary>
    public static int FadeWithin(TileAxis axis, int wanted)
    {
        ArgumentNullException.ThrowIfNull(axis);
        return axis.Count == 1 ? 0 : Math.Min(wanted, Math.Min(axis.Context, axis.ShortestCore / 2));
    }
}
