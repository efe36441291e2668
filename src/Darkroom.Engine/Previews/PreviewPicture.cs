using Darkroom.Imaging;
using Darkroom.Imaging.Resize;
using Darkroom.Models.Families;

namespace Darkroom.Engine.Previews;

/// <summary>What a preview shows, as a file: of the picture's own size or smaller, never larger.</summary>
public static class PreviewPicture
{
    /// <summary>Pixels.</summary>
    public const int MaxSide = 256;

    /// <summary>A preview's file has less, in bytes: 100 KB.</summary>
    public const int MaxBytes = 100_000;

    // 3 · 160² bytes are 76,800: whatever the pixels are, their file stays below the bound.
    private const int SafeSide = 160;

    /// <param name="look">The look at the latents.</param>
    /// <param name="width">Pixels of the picture that is being made.</param>
    /// <param name="height">Pixels of the picture that is being made.</param>
    public static (byte[] Png, int Width, int Height) Encode(DecodedPicture look, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(look);
        // Colours are three. Of any other channels nothing says what they mean: the first is shown as a grey.
        int plane = look.Width * look.Height;
        var picture = PixelConversion.FromNetwork(look.Values.Length == 3 * plane ? look.Values : look.Values.AsSpan(0, plane), look.Width, look.Height);
        var shown = Sized(picture, width, height, MaxSide);
        byte[] png = PictureEncoder.Encode(shown, PictureFormat.Png, 100, null);
        if (png.Length < MaxBytes) return (png, shown.Width, shown.Height);
        // Latents that are mostly noise compress badly.
        shown = Sized(picture, width, height, SafeSide);
        return (PictureEncoder.Encode(shown, PictureFormat.Png, 100, null), shown.Width, shown.Height);
    }

    private static Picture Sized(Picture picture, int width, int height, int maxSide)
    {
        double share = Math.Min(1, (double)maxSide / Math.Max(width, height));
        return Resampler.Resize(picture, Math.Max(1, (int)(width * share)), Math.Max(1, (int)(height * share)), ResampleFilter.Bicubic);
    }
}
