using System.Buffers.Binary;

namespace Darkroom.Imaging.Metadata;

/// <summary>JPEG as a row of marker segments (ITU-T T.81, annex B): 0xFF, marker, length that counts itself, data.</summary>
internal static class JpegSegments
{
    private const byte App1 = 0xE1, Comment = 0xFE;

    /// <summary>The longest text that an EXIF segment holds, in UTF-16 units: its length, 16 bits, counts itself, the name and the block.</summary>
    public const int MaxText = (ushort.MaxValue - 2 - 6 - ExifComment.Overhead) / 2;

    private static ReadOnlySpan<byte> ExifName => "Exif\0\0"u8;

    /// <summary>The file with the text as EXIF right after its first marker, where the standard wants it. A text that does not fit is left out.</summary>
    /// <param name="jpeg">A whole, valid file.</param>
    public static byte[] Label(byte[] jpeg, string? text)
    {
        if (text is null || text.Length > MaxText) return jpeg;
        byte[] block = ExifComment.Write(text);
        byte[] head = [0xFF, App1, 0, 0, .. ExifName];
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)(head.Length - 2 + block.Length));
        return [.. jpeg.AsSpan(0, 2), .. head, .. block, .. jpeg.AsSpan(2)];
    }

    /// <summary>The texts of the first EXIF segment and of the comment (COM).</summary>
    public static void ReadTexts(ReadOnlySpan<byte> jpeg, TextList texts)
    {
        ReadOnlySpan<byte> exif = default;
        foreach (var segment in new JpegSegmentReader(jpeg))
            if (segment.Marker == App1 && segment.Data.StartsWith(ExifName) && exif.IsEmpty) exif = segment.Data[ExifName.Length..];
            else if (segment.Marker == Comment) texts.Add("Comment", TextDecoding.Read(segment.Data));
        ExifTexts.Read(exif, texts);
    }
}
