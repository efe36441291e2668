namespace Darkroom.Imaging.Decoding;

/// <summary>What the headers of a file tell, after they have passed the limits.</summary>
/// <param name="Format">By magic bytes.</param>
/// <param name="StoredWidth">Pixels, as stored.</param>
/// <param name="StoredHeight">Pixels, as stored.</param>
/// <param name="Orientation">EXIF's: 1 upright … 8.</param>
public sealed record PictureHeader(PictureFormat Format, int StoredWidth, int StoredHeight, int Orientation)
{
    private int? channels; // that a shape was read for

    /// <summary>Pixels, once upright.</summary>
    public int Width => Orientation >= 5 ? StoredHeight : StoredWidth;

    /// <summary>Pixels, once upright.</summary>
    public int Height => Orientation >= 5 ? StoredWidth : StoredHeight;

    /// <summary>Bits of a value: 8 at most, 16, or 32 for floats.</summary>
    public int Bits { get; init; } = 8;

    /// <summary>Channels of an array as <see cref="Width"/> and <see cref="Height"/> read its shape; null: not an array, its decoder counts them.</summary>
    public int? ArrayChannels => Array?.AxesFor(channels).Channels;

    /// <summary>The header of an array whose shape is read for a model with so many channels; that of another file is as it is.</summary>
    public PictureHeader For(int channels) => Array?.AxesFor(channels) is not { } axes ? this
        : this with { StoredWidth = axes.Width, StoredHeight = axes.Height, channels = channels };

    /// <summary>What an array's header says; null: a picture.</summary>
    internal NpyHeader? Array { get; init; }

    /// <summary>Where the one frame of an animation lies, as stored; null: the picture fills its canvas.</summary>
    internal PixelRect? Frame { get; init; }

    /// <summary>The parts of the file that pixels are made of; a decoder never sees the rest.</summary>
    internal IReadOnlyList<Range> Essential { get; init; } = [];
}
