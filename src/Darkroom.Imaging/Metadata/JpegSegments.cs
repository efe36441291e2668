using System.Buffers.Binary;

namespace Darkroom.Imaging.Metadata;

/// <summary>JPEG as a row of marker segments (ITU-T T.81, annex B): 0xFF, marker, length that counts itself, data.</summary>
internal static class JpegSegments
{
    private const byte StartOfImage = 0xD8, EndOfImage = 0xD9, StartOfScan = 0xDA, App1 = 0xE1;

    /// <summary>The longest text that an EXIF segment holds, in UTF-16 units: its length, 16 bits, counts itself, the name and the block.</summary>
    public const int LongestText = (ushort.MaxValue - 2 - 6 - ExifComment.Overhead) / 2;

    private static ReadOnlySpan<byte> ExifName => "Exif\0\0"u8;

    /// <summary>The file with the text as EXIF right behind its first marker, where the standard wants it. A text that does not fit is left out.</summary>
    /// <param name="jpeg">A whole, valid file.</param>
    public static byte[] Label(byte[] jpeg, string? text)
    {
        if (text is null || text.Length > LongestText) return jpeg;
        byte[] block = ExifComment.Write(text);
        byte[] head = [0xFF, App1, 0, 0, .. ExifName];
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)(head.Length - 2 + block.Length));
        return [.. jpeg.AsSpan(0, 2), .. head, .. block, .. jpeg.AsSpan(2)];
    }

    /// <summary>The TIFF block of the first EXIF segment; empty where there is none before the picture begins.</summary>
    public static ReadOnlySpan<byte> FindExif(ReadOnlySpan<byte> jpeg)
    {
        var rest = jpeg[Math.Min(2, jpeg.Length)..];
        while (rest.Length >= 4 && rest[0] == 0xFF)
        {
            byte marker = rest[1];
            // A marker may be led by any number of fill bytes.
            if (marker == 0xFF)
            {
                rest = rest[1..];
                continue;
            }
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (marker is StartOfImage or EndOfImage or StartOfScan || length < 2 || length > rest.Length - 2) break;
            var data = rest.Slice(4, length - 2);
            if (marker == App1 && data.StartsWith(ExifName)) return data[ExifName.Length..];
            rest = rest[(2 + length)..];
        }
        return default;
    }
}
