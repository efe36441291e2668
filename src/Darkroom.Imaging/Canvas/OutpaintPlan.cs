namespace Darkroom.Imaging.Canvas;

/// <summary>
/// How a picture and its extension are painted: windows no larger than the model's canvas, from the picture outward, each half over what stands (or over the whole picture, where
/// that is smaller).
/// </summary>
/// <param name="Width">Of the answer: picture plus extension.</param>
/// <param name="Height">Of the answer.</param>
/// <param name="WorkWidth">The answer's, up to the model's step; what is over is the edge repeated, never painted, and cut off in the end.</param>
/// <param name="WorkHeight">The same.</param>
/// <param name="Picture">Where the picture stands.</param>
/// <param name="Feather">How far what is painted fades into what stands, in pixels.</param>
/// <param name="Passes">In this order.</param>
public sealed record OutpaintPlan(int Width, int Height, int WorkWidth, int WorkHeight, PixelRect Picture, int Feather, IReadOnlyList<OutpaintPass> Passes)
{
    /// <param name="width">Of the picture.</param>
    /// <param name="height">Of the picture.</param>
    /// <param name="maxSize">The longest side of the model's canvas.</param>
    /// <param name="step">Sides of a window are multiples of it.</param>
    /// <param name="feather">Pixels; at most a quarter of a window is used.</param>
    public static OutpaintPlan Make(int width, int height, CanvasExtension extension, int maxSize, int step, int feather)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSize, step);
        ArgumentOutOfRangeException.ThrowIfNegative(feather);
        ArgumentOutOfRangeException.ThrowIfNegative(Math.Min(Math.Min(extension.Left, extension.Right), Math.Min(extension.Up, extension.Down)), nameof(extension));
        int across = width + extension.Left + extension.Right, down = height + extension.Up + extension.Down, most = maxSize - maxSize % step;
        int workAcross = RoundUp(across, step), workDown = RoundUp(down, step);
        var (windowAcross, windowDown) = (Math.Min(most, workAcross), Math.Min(most, workDown));
        var picture = new PixelRect(extension.Left, extension.Up, width, height);
        var windows =
            from y in WindowStarts.Along(picture.Y, picture.Bottom, workDown, windowDown)
            from x in WindowStarts.Along(picture.X, picture.Right, workAcross, windowAcross)
            let window = new PixelRect(x, y, windowAcross, windowDown)
            // A window further out stands on nearer ones: beside it, and for a corner above or below it.
            orderby Reach(window, picture), y, x
            select window;
        return new OutpaintPlan(across, down, workAcross, workDown, picture, Math.Min(feather, Math.Min(windowAcross, windowDown) / 4), Paint([.. windows], picture, new PixelRect(0, 0, across, down)));
    }

    private static List<OutpaintPass> Paint(PixelRect[] windows, PixelRect picture, PixelRect canvas)
    {
        var passes = new List<OutpaintPass>();
        var standing = new List<PixelRect> { picture };
        foreach (var window in windows)
        {
            IEnumerable<PixelRect> fresh = [window.Intersect(canvas)];
            foreach (var part in standing) fresh = fresh.SelectMany(rect => rect.Without(part)).ToList();
            PixelRect[] parts = [.. fresh.Where(rect => !rect.IsEmpty)];
            if (parts.Length == 0) continue;
            passes.Add(new OutpaintPass(window, parts));
            standing.Add(window);
        }
        return passes;
    }

    private static int Reach(PixelRect window, PixelRect picture) =>
        Math.Max(0, Math.Max(picture.X - window.X, window.Right - picture.Right)) + Math.Max(0, Math.Max(picture.Y - window.Y, window.Bottom - picture.Bottom));

    private static int RoundUp(int length, int step) => (length + step - 1) / step * step;
}
