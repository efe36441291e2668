namespace Darkroom.Imaging.Metadata;

/// <summary>Reads what generators write into a picture's file.</summary>
public static class PictureMetadata
{
    /// <summary>A longer text is no generation parameters and is not read, in bytes.</summary>
    internal const int LongestText = 1 << 20;

    /// <summary>
    /// The generation parameters as AUTOMATIC1111 looks for them: the PNG text <c>parameters</c>, then EXIF UserComment. Null where there are none.
    /// For bytes of any origin: never throws, and reads each byte a bounded number of times.
    /// </summary>
    public static string? ReadParameters(ReadOnlySpan<byte> file)
    {
        string? text = PictureInfo.TypeOf(file) switch
        {
            PictureFormat.Png => PngChunks.ReadText(file) ?? ExifComment.Read(PngChunks.FindExif(file)),
            PictureFormat.Jpeg => ExifComment.Read(JpegSegments.FindExif(file)),
            PictureFormat.Webp => ExifComment.Read(WebpChunks.FindExif(file)),
            _ => null,
        };
        return string.IsNullOrEmpty(text) ? null : text;
    }
}
