namespace Darkroom.Imaging.Tiles;

/// <summary>
/// One axis of a tile grid: windows of one length, evenly spread, each reaching at least the overlap beyond the cuts to its neighbours.
/// All windows have one length, so that all tiles of a picture, and of pictures of its size, can share a batch.
/// </summary>
/// <param name="Length">The picture's pixels on this axis.</param>
/// <param name="Window">Pixels of every window; above <paramref name="Length"/> only where one window is all and the edge is repeated to fill it.</param>
/// <param name="Starts">First pixel of each window.</param>
/// <param name="Cuts">Where each window's share begins and ends: 0, the cuts between neighbours, <paramref name="Length"/>.</param>
public sealed record TileAxis(int Length, int Window, IReadOnlyList<int> Starts, IReadOnlyList<int> Cuts)
{
    public int Count => Starts.Count;

    /// <summary>
    /// As many equal parts as are needed for none to be longer than <paramref name="core"/>, and the least window that gives them their overlap.
    /// </summary>
    /// <param name="core">Pixels of a tile's own share; at least 1.</param>
    /// <param name="overlap">Pixels beyond each inner cut; 0 or more.</param>
    /// <param name="multiple">Windows are a multiple of it.</param>
    public static TileAxis Even(int length, int core, int overlap, int multiple)
    {
        Check(length, overlap);
        ArgumentOutOfRangeException.ThrowIfLessThan(core, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(multiple, 1);
        int count = DivideUp(length, core);
        // The windows together cover the picture once and each of the inner cuts twice the overlap more.
        long window = RoundUp(DivideUp(length + 2L * overlap * (count - 1), count), multiple);
        return window >= length ? Single(length, (int)RoundUp(length, multiple)) : Spread(length, (int)window, overlap);
    }

    /// <summary>Windows of a length that a graph dictates.</summary>
    /// <param name="overlap">At most a quarter of the window is used, so that a tile keeps at least half of itself.</param>
    public static TileAxis Fixed(int length, int window, int overlap)
    {
        Check(length, overlap);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        return window >= length ? Single(length, window) : Spread(length, window, Math.Min(overlap, window / 4));
    }

    /// <summary>Pixels from the nearest end of a window to a cut, over all inner cuts.</summary>
    public int Context
    {
        get
        {
            int least = int.MaxValue;
            for (int i = 1; i < Count; i++) least = Math.Min(least, Math.Min(Cuts[i] - Starts[i], Starts[i - 1] + Window - Cuts[i]));
            return Count == 1 ? 0 : least;
        }
    }

    /// <summary>Length of the shortest share.</summary>
    public int ShortestCore => Enumerable.Range(0, Count).Min(i => Cuts[i + 1] - Cuts[i]);

    private static TileAxis Single(int length, int window) => new(length, window, [0], [0, length]);

    private static TileAxis Spread(int length, int window, int overlap)
    {
        int count = (int)DivideUp(length - 2L * overlap, window - 2 * overlap);
        int[] starts = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * (length - window) / (count - 1)))];
        return new(length, window, starts, [0, .. starts.Zip(starts.Skip(1), (left, right) => (left + window + right) / 2), length]);
    }

    private static void Check(int length, int overlap)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(overlap);
    }

    private static int DivideUp(int value, int by) => (int)DivideUp((long)value, by);

    private static long DivideUp(long value, long by) => (value + by - 1) / by;

    private static long RoundUp(long value, int multiple) => DivideUp(value, multiple) * multiple;
}
