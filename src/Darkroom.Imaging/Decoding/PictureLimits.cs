namespace Darkroom.Imaging.Decoding;

/// <summary>What an uploaded picture may cost. All but the time is checked on the file's headers, before a pixel is decoded.</summary>
public sealed record PictureLimits
{
    /// <summary>For uploads.</summary>
    public static PictureLimits Default { get; } = new();

    /// <summary>For files of our own: no bound but that of one array.</summary>
    public static PictureLimits None { get; } = new()
    {
        MaxBytes = int.MaxValue, MaxSide = int.MaxValue, MaxArea = Array.MaxLength, MaxChunks = int.MaxValue, MaxScans = int.MaxValue,
        MaxColourProfileBytes = int.MaxValue, MaxExifBytes = int.MaxValue, MaxTime = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Of the file.</summary>
    public long MaxBytes { get; init; } = 32L << 20;

    /// <summary>Pixels, in either direction.</summary>
    public int MaxSide { get; init; } = 8192;

    /// <summary>Pixels in all.</summary>
    public long MaxArea { get; init; } = 16_777_216;

    /// <summary>Chunks of a PNG or WebP file. Image data in pieces of a kilobyte and more does not count: its bytes are counted already.</summary>
    public int MaxChunks { get; init; } = 1000;

    /// <summary>Scans of a progressive JPEG: each goes over the whole picture again.</summary>
    public int MaxScans { get; init; } = 100;

    /// <summary>Of an ICC profile as it lies in the file. It is not used.</summary>
    public long MaxColourProfileBytes { get; init; } = 4L << 20;

    /// <summary>Of the EXIF block. Only the orientation is read from it.</summary>
    public long MaxExifBytes { get; init; } = 1L << 20;

    /// <summary>For decoding, and again for the wait until a core is free.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromSeconds(5);
}
