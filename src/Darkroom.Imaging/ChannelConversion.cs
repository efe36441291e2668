namespace Darkroom.Imaging;

/// <summary>Pictures in other channels, by Pillow's rules.</summary>
public static class ChannelConversion
{
    /// <summary>
    /// RGB; alpha is dropped, not applied (Pillow's <c>convert("RGB")</c>). Use <see cref="Picture.Flatten"/> where transparency is to count.
    /// </summary>
    public static Picture ToRgb(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (picture.Channels == 3) return picture;
        var rgb = Picture.Blank(picture.Width, picture.Height, 3);
        int step = picture.Channels, green = step > 2 ? 1 : 0, blue = step > 2 ? 2 : 0;
        for (int from = 0, to = 0; from < picture.Pixels.Length; from += step, to += 3)
        {
            rgb.Pixels[to] = picture.Pixels[from];
            rgb.Pixels[to + 1] = picture.Pixels[from + green];
            rgb.Pixels[to + 2] = picture.Pixels[from + blue];
        }
        return rgb;
    }

    /// <summary>Luma by ITU-R 601-2 in 16-bit fixed point (Pillow's <c>convert("L")</c>); alpha is dropped.</summary>
    public static Picture ToGrey(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (picture.Channels == 1) return picture;
        var grey = Picture.Blank(picture.Width, picture.Height, 1);
        int step = picture.Channels;
        byte[] pixels = picture.Pixels;
        for (int from = 0, to = 0; from < pixels.Length; from += step, to++)
            grey.Pixels[to] = step < 3 ? pixels[from] : (byte)((19595 * pixels[from] + 38470 * pixels[from + 1] + 7471 * pixels[from + 2] + 0x8000) >> 16);
        return grey;
    }

    /// <summary>Alpha alone as grey; null where there is none.</summary>
    public static Picture? AlphaOf(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (!picture.HasAlpha) return null;
        var alpha = Picture.Blank(picture.Width, picture.Height, 1);
        for (int from = picture.Channels - 1, to = 0; from < picture.Pixels.Length; from += picture.Channels, to++) alpha.Pixels[to] = picture.Pixels[from];
        return alpha;
    }

    /// <summary>A picture with the alpha of its own replaced, or added.</summary>
    /// <param name="alpha">Grey, of the same size.</param>
    public static Picture WithAlpha(Picture picture, Picture alpha)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(alpha);
        if (alpha.Channels != 1 || alpha.Bounds != picture.Bounds) throw new ArgumentException("Alpha is a grey picture of the same size.", nameof(alpha));
        int colours = picture.Channels < 3 ? 1 : 3, step = picture.Channels;
        var whole = Picture.Blank(picture.Width, picture.Height, colours + 1);
        for (int pixel = 0; pixel < alpha.Pixels.Length; pixel++)
        {
            picture.Pixels.AsSpan(pixel * step, colours).CopyTo(whole.Pixels.AsSpan(pixel * (colours + 1)));
            whole.Pixels[pixel * (colours + 1) + colours] = alpha.Pixels[pixel];
        }
        return whole;
    }
}
