namespace Darkroom.Imaging.Resize;

/// <summary>Pictures brought to the size a model works at, as diffusers' VaeImageProcessor does: Lanczos, integer sizes cut, the rest centred.</summary>
public static class PictureFit
{
    /// <param name="picture">Crop and pad give RGB, for their reference does; stretch keeps the channels.</param>
    public static Picture To(Picture picture, int width, int height, ResizeMode mode)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return mode switch
        {
            ResizeMode.Stretch => Resampler.Resize(picture, width, height),
            ResizeMode.Crop => Crop(picture, width, height),
            ResizeMode.Pad => Pad(picture, width, height),
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "No such resize mode."),
        };
    }

    /// <summary>The picture's size with each side cut to a multiple of the step, at least one step.</summary>
    public static (int Width, int Height) Down(int width, int height, int step) =>
        (Math.Max(step, width - width % step), Math.Max(step, height - height % step));

    private static Picture Crop(Picture picture, int width, int height)
    {
        double asked = (double)width / height, had = (double)picture.Width / picture.Height;
        int across = asked > had ? width : Scaled(picture.Width, height, picture.Height);
        int down = asked <= had ? height : Scaled(picture.Height, width, picture.Width);
        return Centre(ChannelConversion.ToRgb(Resampler.Resize(picture, across, down)), width, height);
    }

    private static Picture Pad(Picture picture, int width, int height)
    {
        double asked = (double)width / height, had = (double)picture.Width / picture.Height;
        int across = asked < had ? width : Scaled(picture.Width, height, picture.Height);
        int down = asked >= had ? height : Scaled(picture.Height, width, picture.Width);
        var whole = ChannelConversion.ToRgb(Resampler.Resize(picture, across, down));
        var padded = Centre(whole, width, height);
        if (asked < had) EdgeBars.AboveAndBelow(padded, whole, height / 2 - down / 2);
        else if (asked > had) EdgeBars.LeftAndRight(padded, whole, width / 2 - across / 2);
        return padded;
    }

    private static int Scaled(int side, int by, int of) => Math.Max(1, (int)((long)side * by / of));

    private static Picture Centre(Picture picture, int width, int height)
    {
        var canvas = Picture.Blank(width, height, 3);
        canvas.Paste(picture, width / 2 - picture.Width / 2, height / 2 - picture.Height / 2);
        return canvas;
    }
}
