namespace Darkroom.Imaging.Resize;

/// <summary>
/// Pictures of another size, equal to Pillow's <c>Image.resize</c> byte for byte: fixed point,
/// one pass along the lines and one along the columns, 8 bits between
/// the two.
/// </summary>
public static class Resampler
{
    /// <summary>The picture in another size. Colours of a picture with alpha are weighed by it (not for <see cref="ResampleFilter.Nearest"/>).</summary>
    /// <param name="width">Pixels, at least 1.</param>
    /// <param name="height">Pixels, at least 1.</param>
    public static Picture Resize(Picture picture, int width, int height, ResampleFilter filter = ResampleFilter.Lanczos)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if ((picture.Width, picture.Height) == (width, height)) return picture;
        if (filter == ResampleFilter.Nearest) return NearestPass.Run(picture, width, height);
        if (!picture.HasAlpha) return Run(picture, width, height, filter);
        var resized = Run(AlphaChannel.Premultiply(picture), width, height, filter);
        AlphaChannel.Unpremultiply(resized);
        return resized;
    }

    private static Picture Run(Picture picture, int width, int height, ResampleFilter filter)
    {
        // Pillow 13 takes the columns first where they get shorter and the lines do not.
        bool columnsFirst = height < picture.Height && width >= picture.Width;
        if (columnsFirst) picture = Columns(picture, height, filter);
        if (width != picture.Width) picture = HorizontalPass.Run(picture, new ResampleWeights(filter, picture.Width, 0, picture.Width, width), width);
        return columnsFirst || height == picture.Height ? picture : Columns(picture, height, filter);
    }

    private static Picture Columns(Picture picture, int height, ResampleFilter filter) =>
        VerticalPass.Run(picture, new ResampleWeights(filter, picture.Height, 0, picture.Height, height), height);
}
