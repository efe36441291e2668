namespace Darkroom.Imaging.Alpha;

/// <summary>Takes a picture's alpha off and puts it on again.</summary>
public static class AlphaPlane
{
    /// <summary>Colours and alpha apart; alpha is null where the picture has none. A picture without alpha is given back itself.</summary>
    public static (Picture Colour, Picture? Alpha) Split(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (picture.Channels is 1 or 3) return (picture, null);
        int colours = picture.Channels - 1, count = picture.Width * picture.Height;
        byte[] colour = new byte[count * colours], alpha = new byte[count];
        for (int i = 0, from = 0; i < count; i++, from += picture.Channels)
        {
            picture.Pixels.AsSpan(from, colours).CopyTo(colour.AsSpan(i * colours));
            alpha[i] = picture.Pixels[from + colours];
        }
        return (new Picture(picture.Width, picture.Height, colours, colour), new Picture(picture.Width, picture.Height, 1, alpha));
    }

    /// <summary>One picture of both.</summary>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static Picture Join(Picture colour, Picture? alpha)
    {
        ArgumentNullException.ThrowIfNull(colour);
        if (alpha is null) return colour;
        if ((colour.Width, colour.Height) != (alpha.Width, alpha.Height))
            throw new ArgumentException($"Alpha of {alpha.Width} x {alpha.Height} for a picture of {colour.Width} x {colour.Height}.", nameof(alpha));
        int count = colour.Width * colour.Height, channels = colour.Channels + 1;
        byte[] pixels = GC.AllocateUninitializedArray<byte>(checked(count * channels));
        for (int i = 0, to = 0; i < count; i++, to += channels)
        {
            colour.Pixels.AsSpan(i * colour.Channels, colour.Channels).CopyTo(pixels.AsSpan(to));
            pixels[to + colour.Channels] = alpha.Pixels[i];
        }
        return new Picture(colour.Width, colour.Height, channels, pixels);
    }
}
