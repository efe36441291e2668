namespace Darkroom.Imaging.Canvas;

/// <summary>The mask of a pass: white where it paints, falling in a line to black over the feather around.</summary>
public static class OutpaintMask
{
    /// <returns>Grey, the window's size. Where it is 0 what stands is kept byte for byte.</returns>
    public static Picture Of(OutpaintPass pass, int feather)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentOutOfRangeException.ThrowIfNegative(feather);
        var mask = Picture.Blank(pass.Window.Width, pass.Window.Height, 1);
        foreach (var part in pass.Fresh)
        {
            var near = PixelRect.Between(part.X - feather, part.Y - feather, part.Right + feather, part.Bottom + feather).Intersect(pass.Window);
            for (int y = near.Y; y < near.Bottom; y++)
            {
                var row = mask.Row(y - pass.Window.Y);
                int down = Outside(y, part.Y, part.Bottom);
                for (int x = near.X; x < near.Right; x++)
                {
                    ref byte value = ref row[x - pass.Window.X];
                    value = Math.Max(value, Level(Outside(x, part.X, part.Right), down, feather));
                }
            }
        }
        return mask;
    }

    // Pixels to the nearest one inside.
    private static int Outside(int at, int from, int to) => at < from ? from - at : at >= to ? at - to + 1 : 0;

    private static byte Level(int across, int down, int feather)
    {
        if (across == 0 && down == 0) return byte.MaxValue;
        double distance = across == 0 || down == 0 ? across + down : Math.Sqrt((double)across * across + (double)down * down);
        return (byte)Math.Max(0, Math.Round(255 * (1 - distance / (feather + 1))));
    }
}
