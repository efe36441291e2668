namespace Darkroom.Imaging;

/// <summary>Alpha and colour, with the integer arithmetic of Pillow so that results are equal to its own.</summary>
internal static class AlphaChannel
{
    /// <summary>value / 255, rounded, for value ≤ 255² + 128.</summary>
    public static byte Over255(int value)
    {
        value += 128;
        return (byte)(((value >> 8) + value) >> 8);
    }

    /// <summary>Colours times alpha (Pillow's RGBA to RGBa); two or four channels.</summary>
    public static Picture Premultiply(Picture picture)
    {
        byte[] pixels = [.. picture.Pixels];
        int step = picture.Channels, colours = step - 1;
        for (int i = 0; i < pixels.Length; i += step)
            for (int channel = 0; channel < colours; channel++)
                pixels[i + channel] = Over255(pixels[i + channel] * pixels[i + colours]);
        return picture with { Pixels = pixels };
    }

    /// <summary>Colours divided by alpha, in place (RGBa to RGBA: cut, not rounded).</summary>
    public static void Unpremultiply(Picture picture)
    {
        byte[] pixels = picture.Pixels;
        int step = picture.Channels, colours = step - 1;
        for (int i = 0; i < pixels.Length; i += step)
        {
            int alpha = pixels[i + colours];
            if (alpha is 0 or 255) continue;
            for (int channel = 0; channel < colours; channel++) pixels[i + channel] = (byte)Math.Min(255, 255 * pixels[i + channel] / alpha);
        }
    }

    public static Picture Flatten(Picture picture, byte red, byte green, byte blue)
    {
        if (picture.Channels == 3) return picture;
        ReadOnlySpan<byte> ground = [red, green, blue];
        var flat = Picture.Blank(picture.Width, picture.Height, 3);
        int step = picture.Channels;
        bool colour = step > 2;
        for (int from = 0, to = 0; from < picture.Pixels.Length; from += step, to += 3)
        {
            int alpha = picture.HasAlpha ? picture.Pixels[from + step - 1] : 255;
            for (int channel = 0; channel < 3; channel++)
                flat.Pixels[to + channel] = Over255(picture.Pixels[from + (colour ? channel : 0)] * alpha + ground[channel] * (255 - alpha));
        }
        return flat;
    }
}
