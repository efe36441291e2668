namespace Darkroom.Imaging.Tiles;

/// <summary>
/// A picture in tiles: equal cores, and around each the overlap as context. At the picture's edge a window is shifted inward, not cut, so all have one shape and may share
/// batches, also with those of other pictures.
/// </summary>
/// <param name="Width">Of the picture.</param>
/// <param name="Height">Of the picture.</param>
/// <param name="Rows">Of tiles.</param>
/// <param name="Columns">Of tiles.</param>
/// <param name="Fade">Pixels on each side of a seam over which one tile becomes the other: half of the overlap, so that the outer half of the context is never seen.</param>
/// <param name="Tiles">Line by line.</param>
public sealed record TilePlan(int Width, int Height, int Rows, int Columns, int Fade, IReadOnlyList<Tile> Tiles)
{
    /// <param name="width">Of the picture.</param>
    /// <param name="height">Of the picture.</param>
    /// <param name="tile">The longest side of a core, in pixels.</param>
    /// <param name="overlap">Context on every inner side, in pixels.</param>
    public static TilePlan Make(int width, int height, int tile, int overlap)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(tile, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(overlap);
        var (across, down) = (Cut(width, tile, overlap), Cut(height, tile, overlap));
        int shortest = Math.Min(across.Min(part => part.Core.Length), down.Min(part => part.Core.Length));
        var tiles =
            from row in down.Index()
            from column in across.Index()
            select new Tile(row.Index, column.Index,
                new PixelRect(column.Item.Core.Start, row.Item.Core.Start, column.Item.Core.Length, row.Item.Core.Length),
                new PixelRect(column.Item.Window.Start, row.Item.Window.Start, column.Item.Window.Length, row.Item.Window.Length));
        // Two fades must not meet within a core.
        return new TilePlan(width, height, down.Count, across.Count, Math.Min(overlap / 2, shortest / 2), [.. tiles]);
    }

    private static List<((int Start, int Length) Core, (int Start, int Length) Window)> Cut(int length, int tile, int overlap)
    {
        int count = (length - 1) / tile + 1, longest = (length - 1) / count + 1;
        int window = (int)Math.Min(length, longest + 2L * overlap);
        var parts = new List<((int, int), (int, int))>(count);
        for (int i = 0; i < count; i++)
        {
            int start = (int)((long)length * i / count), end = (int)((long)length * (i + 1) / count);
            parts.Add(((start, end - start), (Math.Clamp(start - overlap, 0, length - window), window)));
        }
        return parts;
    }
}
