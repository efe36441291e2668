namespace Darkroom.Imaging;

/// <summary>A decoded picture: 8 bits a channel, interleaved, line by line from the top.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Channels">1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.</param>
/// <param name="Pixels">Width · Height · Channels bytes. Colours stand as they are, not multiplied by alpha.</param>
public sealed record Picture(int Width, int Height, int Channels, byte[] Pixels)
{
    public bool HasAlpha => Channels is 2 or 4;

    /// <summary>The rectangle that the picture fills.</summary>
    public PixelRect Bounds => new(0, 0, Width, Height);

    /// <summary>Bytes of a line.</summary>
    public int Stride => Width * Channels;

    /// <summary>A picture of zeros.</summary>
    public static Picture Blank(int width, int height, int channels) => new(width, height, channels, new byte[checked(width * height * channels)]);

    /// <summary>One line.</summary>
    public Span<byte> Row(int y) => Pixels.AsSpan(y * Stride, Stride);

    /// <summary>RGB on a plain background; grey becomes RGB, and a picture without alpha just that.</summary>
    public Picture Flatten(byte red, byte green, byte blue) => AlphaChannel.Flatten(this, red, green, blue);

    /// <summary>A part of the picture.</summary>
    /// <exception cref="ArgumentException">The rectangle is empty or leaves the picture.</exception>
    public Picture Crop(PixelRect part)
    {
        if (part.IsEmpty || !Bounds.Contains(part)) throw new ArgumentException($"{part} is no part of {Width} x {Height} pixels.", nameof(part));
        var cropped = Blank(part.Width, part.Height, Channels);
        for (int y = 0; y < part.Height; y++) Row(part.Y + y).Slice(part.X * Channels, cropped.Stride).CopyTo(cropped.Row(y));
        return cropped;
    }

    /// <summary>Writes a picture of as many channels over this one, in place; what falls outside is left out.</summary>
    /// <param name="x">Where its left edge goes; may lie outside, as may its upper one.</param>
    public void Paste(Picture other, int x, int y)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Channels != Channels) throw new ArgumentException($"{other.Channels} channels do not go over {Channels}.", nameof(other));
        var seen = Bounds.Intersect(new PixelRect(x, y, other.Width, other.Height));
        for (int line = seen.Y; line < seen.Bottom; line++)
            other.Row(line - y).Slice((seen.X - x) * Channels, seen.Width * Channels).CopyTo(Row(line)[(seen.X * Channels)..]);
    }
}
