namespace Darkroom.Imaging.Canvas;

/// <summary>The windows that an outpainting may take, before it is known which of them have something to paint.</summary>
/// <param name="Width">Of the answer: picture plus extension.</param>
/// <param name="Height">Of the answer.</param>
/// <param name="WorkWidth">The answer's, up to the model's step.</param>
/// <param name="WorkHeight">The same.</param>
/// <param name="Picture">Where the picture stands.</param>
/// <param name="WindowWidth">Of every window.</param>
/// <param name="WindowHeight">Of every window.</param>
public sealed record OutpaintGrid(int Width, int Height, int WorkWidth, int WorkHeight, PixelRect Picture, int WindowWidth, int WindowHeight)
{
    /// <param name="width">Of the picture.</param>
    /// <param name="height">Of the picture.</param>
    /// <param name="maxSize">The longest side of the model's canvas.</param>
    /// <param name="step">Sides of a window are multiples of it.</param>
    public static OutpaintGrid Of(int width, int height, CanvasExtension extension, int maxSize, int step)
    {
        ArgumentNullException.ThrowIfNull(extension);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSize, step);
        ArgumentOutOfRangeException.ThrowIfNegative(
            Math.Min(Math.Min(extension.Left, extension.Right), Math.Min(extension.Up, extension.Down)), nameof(extension));
        int across = width + extension.Left + extension.Right, down = height + extension.Up + extension.Down;
        int largest = maxSize - maxSize % step;
        int workAcross = RoundUp(across, step), workDown = RoundUp(down, step);
        return new OutpaintGrid(
            across, down, workAcross, workDown, new PixelRect(extension.Left, extension.Up, width, height),
            Math.Min(largest, workAcross), Math.Min(largest, workDown));
    }

    /// <summary>How many windows have a part outside of the picture: as many as are painted, or a few more.</summary>
    public int Count => Windows().Count(window => !Picture.Contains(window));

    /// <summary>Every window, in the order of painting: one further out stands on nearer ones, beside it, and for a corner above or below it.</summary>
    public IEnumerable<PixelRect> Windows() =>
        from y in WindowStarts.Along(Picture.Y, Picture.Bottom, WorkHeight, WindowHeight)
        from x in WindowStarts.Along(Picture.X, Picture.Right, WorkWidth, WindowWidth)
        let window = new PixelRect(x, y, WindowWidth, WindowHeight)
        orderby Reach(window), y, x
        select window;

    private int Reach(PixelRect window) =>
        Math.Max(0, Math.Max(Picture.X - window.X, window.Right - Picture.Right)) + Math.Max(0, Math.Max(Picture.Y - window.Y, window.Bottom - Picture.Bottom));

    private static int RoundUp(int length, int step) => (length + step - 1) / step * step;
}
