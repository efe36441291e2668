namespace Darkroom.Imaging.Masks;

/// <summary>The part of a picture that is worked on alone, and the mask that lays the result back over the picture.</summary>
/// <param name="Bounds">Within the picture.</param>
/// <param name="Mask">Grey, the picture's size; nothing outside of the bounds.</param>
public sealed record MaskedRegion(PixelRect Bounds, Picture Mask)
{
    /// <summary>How far above the mask's black a level is seen in the result: 3 % of white.</summary>
    private const int Seen = 8;

    /// <summary>
    /// The region of what is repainted (a half and more) with its soft edge, and padding. Fainter levels
    /// elsewhere do not count: a mask whose black is 1 of 255 would make the whole
    /// picture the region. For a mask of black, white and soft edges between them it is diffusers' region.
    /// </summary>
    /// <param name="mask">Grey, grown and blurred.</param>
    /// <param name="width">The size worked at.</param>
    /// <param name="height">The size worked at.</param>
    /// <param name="padding">Pixels around what is repainted.</param>
    public static MaskedRegion Of(Picture mask, int width, int height, int padding)
    {
        var repainted = MaskArithmetic.BoundsOf(MaskArithmetic.Binarize(mask));
        if (repainted.IsEmpty) return new MaskedRegion(mask.Bounds, mask);
        var seen = WithSoftEdge(mask, repainted);
        var bounds = CropRegion.Around(seen, mask.Bounds, width, height, padding);
        return new MaskedRegion(bounds, Faded(mask, seen, bounds));
    }

    // Each side moves outward as long as the next line along it has something that is seen.
    private static PixelRect WithSoftEdge(Picture mask, PixelRect bounds)
    {
        int threshold = mask.Pixels.Min() + Seen;
        for (bool moved = true; moved;)
        {
            var before = bounds;
            while (bounds.X > 0 && HasSeen(bounds with { X = bounds.X - 1, Width = 1 }))
                bounds = PixelRect.Between(bounds.X - 1, bounds.Y, bounds.Right, bounds.Bottom);
            while (bounds.Right < mask.Width && HasSeen(bounds with { X = bounds.Right, Width = 1 }))
                bounds = bounds with { Width = bounds.Width + 1 };
            while (bounds.Y > 0 && HasSeen(bounds with { Y = bounds.Y - 1, Height = 1 }))
                bounds = PixelRect.Between(bounds.X, bounds.Y - 1, bounds.Right, bounds.Bottom);
            while (bounds.Bottom < mask.Height && HasSeen(bounds with { Y = bounds.Bottom, Height = 1 }))
                bounds = bounds with { Height = bounds.Height + 1 };
            moved = bounds != before;
        }
        return bounds;

        bool HasSeen(PixelRect line)
        {
            for (int y = line.Y; y < line.Bottom; y++)
                foreach (byte level in mask.Row(y)[line.X..line.Right])
                    if (level >= threshold) return true;
            return false;
        }
    }

    // What is left of the mask between the soft edge and the region's sides falls to nothing
    // there, in a straight line, so that the region never shows as a rectangle.
    private static Picture Faded(Picture mask, PixelRect seen, PixelRect region)
    {
        var faded = Picture.Blank(mask.Width, mask.Height, 1);
        byte[] across = Limits(seen.X, seen.Right, region.X, region.Right, mask.Width);
        byte[] down = Limits(seen.Y, seen.Bottom, region.Y, region.Bottom, mask.Height);
        for (int y = region.Y; y < region.Bottom; y++)
        {
            ReadOnlySpan<byte> source = mask.Row(y);
            var target = faded.Row(y);
            for (int x = region.X; x < region.Right; x++) target[x] = Math.Min(source[x], Math.Min(across[x], down[y]));
        }
        return faded;
    }

    // The highest level at each place along one side. Where the region ends with the picture, nothing needs to fade.
    private static byte[] Limits(int from, int to, int regionFrom, int regionTo, int length)
    {
        byte[] limits = new byte[length];
        for (int at = regionFrom; at < regionTo; at++)
        {
            double level = 1;
            if (at < from && regionFrom > 0) level = (at - regionFrom + 1) / (double)(from - regionFrom + 1);
            if (at >= to && regionTo < length) level = (regionTo - at) / (double)(regionTo - to + 1);
            limits[at] = (byte)Math.Round(level * byte.MaxValue);
        }
        return limits;
    }
}
