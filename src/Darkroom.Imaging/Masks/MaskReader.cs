namespace Darkroom.Imaging.Masks;

/// <summary>A mask is a grey picture: 255 is repainted, 0 stands, between them both count.</summary>
public static class MaskReader
{
    /// <summary>The mask that a picture means.</summary>
    /// <returns>One channel, the picture's size.</returns>
    public static Picture From(Picture picture, MaskMode mode)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return mode switch
        {
            MaskMode.White => Luma(picture, 0),
            MaskMode.Black => MaskArithmetic.Invert(Luma(picture, 255)),
            MaskMode.Alpha => ChannelConversion.AlphaOf(picture) is { } alpha ? MaskArithmetic.Invert(alpha) : Picture.Blank(picture.Width, picture.Height, 1),
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "No such mask mode."),
        };
    }

    // What is transparent was not drawn, and nothing drawn means nothing to repaint.
    private static Picture Luma(Picture picture, byte ground) =>
        ChannelConversion.ToGrey(picture.HasAlpha ? picture.Flatten(ground, ground, ground) : picture);
}
