namespace Darkroom.Imaging.Canvas;

/// <summary>
/// The masks of a pass: white where it paints, falling to black over the feather into the picture, and over the strip that is taken back into what
/// earlier passes painted.
/// </summary>
public static class OutpaintMask
{
    /// <summary>How free a pixel is to change: falls in a straight line.</summary>
    /// <returns>Grey, the window's size. Where it is 0 what stands is kept byte for byte.</returns>
    public static Picture Of(OutpaintPass pass, OutpaintPlan plan)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(plan);
        var mask = Picture.Blank(pass.Window.Width, pass.Window.Height, 1);
        int widest = Math.Max(plan.Feather, plan.Retaken);
        foreach (var part in pass.Fresh)
        {
            var near = PixelRect.Between(part.X - widest, part.Y - widest, part.Right + widest, part.Bottom + widest).Intersect(pass.Window);
            for (int y = near.Y; y < near.Bottom; y++)
            {
                var row = mask.Row(y - pass.Window.Y);
                int down = Outside(y, part.Y, part.Bottom);
                for (int x = near.X; x < near.Right; x++)
                {
                    ref byte value = ref row[x - pass.Window.X];
                    value = Math.Max(value, Level(Outside(x, part.X, part.Right), down, IsIn(plan.Picture, x, y) ? plan.Feather : plan.Retaken));
                }
            }
        }
        return mask;
    }

    /// <summary>
    /// What is laid over what stands: the same mask over the picture; over what was painted white for the nearer half of the strip, so that no two
    /// different drawings of one thing are mixed where the newer one is complete.
    /// </summary>
    /// <param name="free">Of the same pass.</param>
    public static Picture Overlay(Picture free, OutpaintPass pass, OutpaintPlan plan)
    {
        ArgumentNullException.ThrowIfNull(free);
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(plan);
        var laid = free with { Pixels = [.. free.Pixels] };
        for (int y = 0; y < laid.Height; y++)
        {
            var row = laid.Row(y);
            for (int x = 0; x < row.Length; x++)
                if (!IsIn(plan.Picture, x + pass.Window.X, y + pass.Window.Y)) row[x] = (byte)Math.Min(byte.MaxValue, 2 * row[x]);
        }
        return laid;
    }

    private static bool IsIn(PixelRect part, int x, int y) => x >= part.X && x < part.Right && y >= part.Y && y < part.Bottom;

    // Pixels to the nearest one inside.
    private static int Outside(int at, int from, int to) => at < from ? from - at : at >= to ? at - to + 1 : 0;

    private static byte Level(int across, int down, int reach)
    {
        if (across == 0 && down == 0) return byte.MaxValue;
        double distance = across == 0 || down == 0 ? across + down : Math.Sqrt((double)across * across + (double)down * down);
        return (byte)Math.Max(0, Math.Round(255 * (1 - distance / (reach + 1))));
    }
}
