namespace Darkroom.Imaging.Decoding;

/// <summary>Why bytes are not taken as a picture.</summary>
public enum PictureFaultKind
{
    /// <summary>None of our formats, by the first bytes.</summary>
    UnknownFormat,

    /// <summary>The file ends before the picture does.</summary>
    Truncated,

    /// <summary>The file breaks the rules of its format.</summary>
    Broken,

    /// <summary>Well formed, but a variant that is not read.</summary>
    Unsupported,

    /// <summary>More bytes than allowed.</summary>
    TooManyBytes,

    /// <summary>A side is zero.</summary>
    Empty,

    /// <summary>A side is longer than allowed.</summary>
    SideTooLong,

    /// <summary>More pixels than allowed.</summary>
    AreaTooLarge,

    /// <summary>More than one frame.</summary>
    Animated,

    /// <summary>More bits a channel than are read.</summary>
    TooManyBits,

    /// <summary>More chunks than allowed.</summary>
    TooManyChunks,

    /// <summary>More scans than allowed.</summary>
    TooManyScans,

    /// <summary>The ICC profile is larger than allowed.</summary>
    ColourProfileTooLarge,

    /// <summary>The EXIF block is larger than allowed.</summary>
    ExifTooLarge,

    /// <summary>Decoding took longer than allowed, or no core was free for as long.</summary>
    TooSlow,

    /// <summary>More channels than a picture has.</summary>
    TooManyChannels,

    /// <summary>Other channels than those of the model's pictures.</summary>
    OtherChannels,

    /// <summary>An array where a picture is needed.</summary>
    NoColours,

    /// <summary>A value that is not finite, or beyond the range of a picture's.</summary>
    ValueOutOfRange,

    /// <summary>The text is not base64.</summary>
    NotBase64,
}
