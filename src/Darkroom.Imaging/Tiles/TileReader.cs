namespace Darkroom.Imaging.Tiles;

/// <summary>Cuts a tile's window out of a picture as planes of floats in [0, 1].</summary>
public static class TileReader
{
    private static readonly float[] Unit = [.. Enumerable.Range(0, 256).Select(value => value / 255f)];

    /// <summary>Reads a window; where it reaches beyond the picture, the edge is repeated.</summary>
    /// <param name="picture">1 or 3 channels.</param>
    /// <param name="planes">
    /// Takes [C, h, w]: C is the picture's channels, or 3 for a grey picture, whose value then stands in all three. Values are byte / 255.
    /// </param>
    public static void Read(Picture picture, PixelRect window, Span<float> planes)
    {
        ArgumentNullException.ThrowIfNull(picture);
        int plane = window.Width * window.Height;
        int channels = plane == 0 ? 0 : planes.Length / plane;
        if (planes.Length != channels * plane || (channels != picture.Channels && (picture.Channels, channels) != (1, 3)))
            throw new ArgumentException(
                $"{planes.Length} values are no planes of {window.Width} x {window.Height} for {picture.Channels} channels.", nameof(planes));
        for (int channel = 0; channel < channels; channel++)
            for (int y = 0; y < window.Height; y++)
                ReadLine(picture, Math.Min(channel, picture.Channels - 1), window.X, window.Y + y,
                    planes.Slice(channel * plane + y * window.Width, window.Width));
    }

    private static void ReadLine(Picture picture, int channel, int x, int y, Span<float> values)
    {
        int line = Math.Clamp(y, 0, picture.Height - 1) * picture.Width;
        for (int i = 0; i < values.Length; i++)
            values[i] = Unit[picture.Pixels[(line + Math.Clamp(x + i, 0, picture.Width - 1)) * picture.Channels + channel]];
    }
}
