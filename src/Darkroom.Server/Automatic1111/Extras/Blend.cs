using Darkroom.Imaging;

namespace Darkroom.Server.Automatic1111.Extras;

/// <summary>Two pictures of one size as one: Pillow's <c>Image.blend</c>, which AUTOMATIC1111 uses.</summary>
internal static class Blend
{
    /// <param name="first">Any channels.</param>
    /// <param name="second">Of the same size; gets the first one's channels.</param>
    /// <param name="share">0…1: of the second one.</param>
    public static Picture Of(Picture first, Picture second, double share)
    {
        if (first.Channels != second.Channels) (first, second) = (WithAlpha(first), WithAlpha(second));
        var blended = Picture.Blank(first.Width, first.Height, first.Channels);
        var (below, above, result, weight) = (first.Pixels, second.Pixels, blended.Pixels, (float)share);
        // Cut and not rounded, in single precision: as there.
        for (var i = 0; i < result.Length; i++) result[i] = (byte)(below[i] + weight * (above[i] - below[i]));
        return blended;
    }

    private static Picture WithAlpha(Picture picture)
    {
        var whole = Picture.Blank(picture.Width, picture.Height, 4);
        var (from, to, channels) = (picture.Pixels, whole.Pixels, picture.Channels);
        for (int i = 0, at = 0; i < from.Length; i += channels, at += 4)
        {
            var isGrey = channels < 3;
            (to[at], to[at + 1], to[at + 2]) = isGrey ? (from[i], from[i], from[i]) : (from[i], from[i + 1], from[i + 2]);
            to[at + 3] = picture.HasAlpha ? from[i + channels - 1] : byte.MaxValue;
        }
        return whole;
    }
}
