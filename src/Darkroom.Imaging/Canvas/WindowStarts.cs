namespace Darkroom.Imaging.Canvas;

/// <summary>Where windows begin along one axis, so that they cover it and each lies half over the picture or over its neighbour.</summary>
internal static class WindowStarts
{
    /// <param name="from">Where the picture begins.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="length">Of the axis.</param>
    /// <param name="window">Length of a window, at most that of the axis.</param>
    public static IEnumerable<int> Along(int from, int to, int length, int window)
    {
        if (window >= length) return [0];
        int half = Math.Max(1, window / 2);
        var starts = new SortedSet<int>();
        int first, last;
        if (to - from <= window) first = last = Math.Clamp((from + to - window) / 2, 0, length - window);
        else (first, last) = (Math.Clamp(from - half, 0, length - window), Math.Clamp(to - half, 0, length - window));
        // Along the picture a quarter of overlap will do: the other half of each window is picture.
        int steps = Math.Max(1, (last - first + 3 * window / 4 - 1) / Math.Max(1, 3 * window / 4));
        for (int i = 0; i <= steps; i++) starts.Add(first + (int)((long)(last - first) * i / steps));
        for (int start = first; start > 0;) starts.Add(start = Math.Max(0, start - half));
        for (int start = last; start < length - window;) starts.Add(start = Math.Min(length - window, start + half));
        return starts;
    }
}
