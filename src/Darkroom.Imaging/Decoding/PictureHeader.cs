namespace Darkroom.Imaging.Decoding;

/// <summary>What the headers of a file tell, after they have passed the limits.</summary>
/// <param name="Format">By magic bytes.</param>
/// <param name="StoredWidth">Pixels, as stored.</param>
/// <param name="StoredHeight">Pixels, as stored.</param>
/// <param name="Orientation">EXIF's: 1 upright … 8.</param>
public sealed record PictureHeader(PictureFormat Format, int StoredWidth, int StoredHeight, int Orientation)
{
    /// <summary>Pixels, once upright.</summary>
    public int Width => Orientation >= 5 ? StoredHeight : StoredWidth;

    /// <summary>Pixels, once upright.</summary>
    public int Height => Orientation >= 5 ? StoredWidth : StoredHeight;

    /// <summary>Where the one frame of an animation lies, as stored; null: the picture fills its canvas.</summary>
    internal PixelRect? Frame { get; init; }

    /// <summary>The parts of the file that pixels are made of; a decoder never sees the rest.</summary>
    internal IReadOnlyList<Range> Essential { get; init; } = [];
}
