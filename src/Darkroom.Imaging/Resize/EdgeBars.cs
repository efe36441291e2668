namespace Darkroom.Imaging.Resize;

/// <summary>
/// The bars of <see cref="ResizeMode.Pad"/>: the picture's edge, drawn out. Its reference resizes a
/// strip of no thickness with the bicubic kernel, which weighs the outermost
/// pixel 9/8 and the next one -1/8; so does this.
/// </summary>
internal static class EdgeBars
{
    public static void AboveAndBelow(Picture canvas, Picture picture, int thickness)
    {
        if (thickness <= 0) return;
        canvas.Paste(VerticalPass.Run(picture, Strip(picture.Height, 0, thickness), thickness), 0, 0);
        canvas.Paste(VerticalPass.Run(picture, Strip(picture.Height, picture.Height, thickness), thickness), 0, thickness + picture.Height);
    }

    public static void LeftAndRight(Picture canvas, Picture picture, int thickness)
    {
        if (thickness <= 0) return;
        canvas.Paste(HorizontalPass.Run(picture, Strip(picture.Width, 0, thickness), thickness), 0, 0);
        canvas.Paste(HorizontalPass.Run(picture, Strip(picture.Width, picture.Width, thickness), thickness), thickness + picture.Width, 0);
    }

    private static ResampleWeights Strip(int length, int edge, int thickness) => new(ResampleFilter.Bicubic, length, edge, edge, thickness);
}
