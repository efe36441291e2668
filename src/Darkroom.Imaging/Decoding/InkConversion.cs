namespace Darkroom.Imaging.Decoding;

/// <summary>CMYK as RGB by Pillow's rule: each ink takes its share of what black leaves. No profile is looked at.</summary>
internal static class InkConversion
{
    /// <param name="picture">Four channels: cyan, magenta, yellow, black; 255 is full ink.</param>
    public static Picture ToRgb(Picture picture)
    {
        var rgb = Picture.Blank(picture.Width, picture.Height, 3);
        for (int from = 0, to = 0; from < picture.Pixels.Length; from += 4, to += 3)
        {
            int light = 255 - picture.Pixels[from + 3];
            for (int channel = 0; channel < 3; channel++)
                rgb.Pixels[to + channel] = (byte)Math.Max(0, light - AlphaChannel.Over255(picture.Pixels[from + channel] * light));
        }
        return rgb;
    }
}
