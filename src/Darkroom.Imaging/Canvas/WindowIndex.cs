namespace Darkroom.Imaging.Canvas;

/// <summary>Windows of one size by where they lie: a canvas of many small ones asks each for its neighbours, and all of all would take minutes.</summary>
internal sealed class WindowIndex(int width, int height)
{
    private readonly Dictionary<(int Column, int Row), List<PixelRect>> cells = [];

    public void Add(PixelRect window)
    {
        var cell = (window.X / width, window.Y / height);
        if (!cells.TryGetValue(cell, out var windows)) cells[cell] = windows = [];
        windows.Add(window);
    }

    /// <summary>Every window that may overlap: those that begin less than one length away.</summary>
    public IEnumerable<PixelRect> Near(PixelRect window)
    {
        int column = window.X / width, row = window.Y / height;
        for (int down = -1; down <= 1; down++)
            for (int across = -1; across <= 1; across++)
                if (cells.TryGetValue((column + across, row + down), out var windows))
                    foreach (var near in windows)
                        yield return near;
    }
}
