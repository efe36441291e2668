namespace Darkroom.Imaging.Canvas;

/// <summary>
/// How a picture and its extension are painted: windows no larger than the model's canvas, from the
/// picture outward, each half over what stands (or over the whole picture, where
/// that is smaller).
/// </summary>
/// <param name="Width">Of the answer: picture plus extension.</param>
/// <param name="Height">Of the answer.</param>
/// <param name="WorkWidth">The answer's, up to the model's step; what is over is the edge repeated, never painted, and cut off in the end.</param>
/// <param name="WorkHeight">The same.</param>
/// <param name="Picture">Where the picture stands.</param>
/// <param name="Feather">How far what is painted fades into the picture, in pixels.</param>
/// <param name="Retaken">
/// How far a pass takes back what an earlier one painted, in pixels: the rim of a window is the part that knew least of its surroundings.
/// </param>
/// <param name="Passes">In this order.</param>
public sealed record OutpaintPlan(
    int Width, int Height, int WorkWidth, int WorkHeight, PixelRect Picture, int Feather, int Retaken, IReadOnlyList<OutpaintPass> Passes)
{
    // With a sixth, the straight side of an object that an earlier window had cut off still
    // showed; with a third it is finished. A sixth is left that is only seen.
    private const int RetakenShare = 3;

    /// <param name="width">Of the picture.</param>
    /// <param name="height">Of the picture.</param>
    /// <param name="extension">At most a quarter of a window is used of its feather.</param>
    /// <param name="maxSize">The longest side of the model's canvas.</param>
    /// <param name="step">Sides of a window are multiples of it.</param>
    public static OutpaintPlan Make(int width, int height, CanvasExtension extension, int maxSize, int step)
    {
        ArgumentNullException.ThrowIfNull(extension);
        ArgumentOutOfRangeException.ThrowIfNegative(extension.Feather);
        var grid = OutpaintGrid.Of(width, height, extension, maxSize, step);
        int shorter = Math.Min(grid.WindowWidth, grid.WindowHeight);
        return new OutpaintPlan(
            grid.Width, grid.Height, grid.WorkWidth, grid.WorkHeight, grid.Picture, Math.Min(extension.Feather, shorter / 4), shorter / RetakenShare,
            Paint([.. grid.Windows()], grid.Picture, new PixelRect(0, 0, grid.Width, grid.Height)));
    }

    private static List<OutpaintPass> Paint(PixelRect[] windows, PixelRect picture, PixelRect canvas)
    {
        var passes = new List<OutpaintPass>();
        var painted = new WindowIndex(windows[0].Width, windows[0].Height);
        foreach (var window in windows)
        {
            PixelRect[] fresh = [.. window.Intersect(canvas).Without(picture)];
            foreach (var earlier in painted.Near(window)) fresh = [.. fresh.SelectMany(part => part.Without(earlier))];
            if (fresh.All(part => part.IsEmpty)) continue;
            passes.Add(new OutpaintPass(window, [.. fresh.Where(part => !part.IsEmpty)]));
            painted.Add(window);
        }
        return passes;
    }
}
