namespace Darkroom.Imaging.Masks;

/// <summary>The part of a picture that is worked on when only the masked area is repainted.</summary>
public static class CropRegion
{
    /// <summary>
    /// The mask's bounds with padding, then widened or heightened to the aspect of the size worked at
    /// as far as the picture goes: diffusers' <c>get_crop_region</c>, number
    /// for number.
    /// </summary>
    /// <param name="mask">Everything above 0 counts.</param>
    /// <param name="width">The size worked at.</param>
    /// <param name="height">The size worked at.</param>
    /// <param name="padding">Pixels around the mask's bounds.</param>
    /// <returns>The whole picture where the mask is empty.</returns>
    public static PixelRect Of(Picture mask, int width, int height, int padding)
    {
        var bounds = MaskArithmetic.BoundsOf(mask);
        return bounds.IsEmpty ? mask.Bounds : Around(bounds, mask.Bounds, width, height, padding);
    }

    /// <summary>The same around any part of a picture.</summary>
    internal static PixelRect Around(PixelRect bounds, PixelRect picture, int width, int height, int padding)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var (left, right) = (Math.Max(bounds.X - padding, 0), Math.Min(bounds.Right + padding, picture.Width));
        var (top, bottom) = (Math.Max(bounds.Y - padding, 0), Math.Min(bounds.Bottom + padding, picture.Height));
        double had = (double)(right - left) / (bottom - top), asked = (double)width / height;
        if (had > asked) (top, bottom) = Widen(top, bottom, (right - left) / asked, picture.Height);
        else (left, right) = Widen(left, right, (bottom - top) * asked, picture.Width);
        return PixelRect.Between(left, top, right, bottom);
    }

    // Evenly to both sides, then moved back into the picture, then cut.
    private static (int From, int To) Widen(int from, int to, double wanted, int limit)
    {
        int missing = (int)(wanted - (to - from));
        from -= missing / 2;
        to += missing - missing / 2;
        if (to >= limit) (from, to) = (from - (to - limit), limit);
        if (from < 0) (from, to) = (0, to - from);
        return (from, Math.Min(to, limit));
    }
}
