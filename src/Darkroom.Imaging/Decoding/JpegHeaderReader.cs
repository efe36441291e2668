using System.Buffers.Binary;

namespace Darkroom.Imaging.Decoding;

/// <summary>Walks a JPEG file's segments, and over its coded data, without decoding any (ITU-T T.81, annex B).</summary>
internal ref struct JpegHeaderReader(ReadOnlySpan<byte> file, PictureLimits limits)
{
    private const byte StartOfImage = 0xD8, EndOfImage = 0xD9, StartOfScan = 0xDA, Comment = 0xFE;
    private const byte App0 = 0xE0, App1 = 0xE1, App2 = 0xE2, App14 = 0xEE, App15 = 0xEF;

    private readonly ReadOnlySpan<byte> bytes = file;
    private readonly EssentialParts parts = new();
    private int pictureWidth, pictureHeight, orientation, scans;
    private long profileBytes, exifBytes;

    public PictureFault? Read(out PictureHeader? header)
    {
        header = null;
        parts.Add(0, 2);
        for (int at = 2; ;)
        {
            var rest = bytes[at..];
            // Any number of fill bytes may stand before a marker.
            int fill = rest.IndexOfAnyExcept((byte)0xFF);
            if (fill < 0) return PictureFault.Truncated(PictureFormat.Jpeg, "its end marker is missing");
            if (fill == 0) return PictureFault.Broken(PictureFormat.Jpeg, $"no marker stands at byte {at}");
            byte marker = rest[fill];
            int start = at + fill - 1;
            at = start + 2;
            if (marker == EndOfImage)
            {
                parts.Add(start, 2);
                break;
            }
            if (marker is 0 or 1 or StartOfImage or (>= 0xD0 and <= 0xD7))
                return PictureFault.Broken(PictureFormat.Jpeg, $"marker {marker:X2} stands where none may be");
            if (bytes.Length - at < 2) return PictureFault.Truncated(PictureFormat.Jpeg, "it ends in a segment");
            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
            if (length < 2) return PictureFault.Broken(PictureFormat.Jpeg, $"a segment {marker:X2} says {length} bytes");
            if (length > bytes.Length - at)
                return PictureFault.Truncated(PictureFormat.Jpeg, $"its segment {marker:X2} says {length} bytes, and {bytes.Length - at} follow");
            var data = bytes.Slice(at + 2, length - 2);
            at += length;
            if (Take(marker, data) is { } fault) return fault;
            if (marker == StartOfScan && (at = AfterScan(at)) < 0) return PictureFault.Truncated(PictureFormat.Jpeg, "its end marker is missing");
            if (IsEssential(marker)) parts.Add(start, at - start);
        }
        if (pictureWidth == 0 || scans == 0) return PictureFault.Broken(PictureFormat.Jpeg, "it has no picture");
        header = new PictureHeader(PictureFormat.Jpeg, pictureWidth, pictureHeight, Math.Max(1, orientation)) { Essential = parts.Parts };
        return null;
    }

    private PictureFault? Take(byte marker, ReadOnlySpan<byte> data) => marker switch
    {
        App1 when data.StartsWith("Exif\0\0"u8) => Exif(data[6..]),
        App2 when data.StartsWith("ICC_PROFILE\0"u8) && (profileBytes += data.Length) > limits.MaxColourProfileBytes =>
            PictureFault.Beyond(
                PictureFaultKind.ColourProfileTooLarge, "The JPEG file's colour profile has", profileBytes, limits.MaxColourProfileBytes, "bytes"),
        0xC0 or 0xC1 or 0xC2 => Begin(data),
        // 0xC4, 0xC8 and 0xCC are no frames but tables.
        (>= 0xC3 and <= 0xCF) and not (0xC4 or 0xC8 or 0xCC) => PictureFault.Unsupported(PictureFormat.Jpeg, "lossless, hierarchical or arithmetic coding"),
        StartOfScan when pictureWidth == 0 => PictureFault.Broken(PictureFormat.Jpeg, "a scan comes before its frame"),
        StartOfScan when ++scans > limits.MaxScans =>
            PictureFault.Beyond(PictureFaultKind.TooManyScans, "The JPEG file has more than", limits.MaxScans, limits.MaxScans, "scans"),
        _ => null,
    };

    private PictureFault? Begin(ReadOnlySpan<byte> data)
    {
        if (pictureWidth != 0) return PictureFault.Broken(PictureFormat.Jpeg, "it has two frames");
        if (data.Length < 6 || data.Length != 6 + 3 * data[5]) return PictureFault.Broken(PictureFormat.Jpeg, "the length of its frame header is wrong");
        if (data[0] > 8) return PictureFault.Beyond(PictureFaultKind.TooManyBits, "The JPEG file has", data[0], 8, "bits a channel");
        if (data[0] < 8) return PictureFault.Broken(PictureFormat.Jpeg, $"it has {data[0]} bits a channel");
        int height = BinaryPrimitives.ReadUInt16BigEndian(data[1..]), width = BinaryPrimitives.ReadUInt16BigEndian(data[3..]);
        if (PictureFault.OfSize(width, height, limits) is { } fault) return fault;
        if (data[5] is not (1 or 3 or 4)) return PictureFault.Unsupported(PictureFormat.Jpeg, $"{data[5]} channels");
        (pictureWidth, pictureHeight) = (width, height);
        return null;
    }

    private PictureFault? Exif(ReadOnlySpan<byte> block)
    {
        if ((exifBytes += block.Length) > limits.MaxExifBytes)
            return PictureFault.Beyond(PictureFaultKind.ExifTooLarge, "The JPEG file's EXIF block has", exifBytes, limits.MaxExifBytes, "bytes");
        if (orientation == 0) orientation = ExifOrientation.Read(block);
        return null;
    }

    // Coded data writes 0xFF as FF 00 and may hold restart markers; any other marker ends it. -1 where none comes.
    private readonly int AfterScan(int at)
    {
        while (true)
        {
            int found = bytes[at..].IndexOf((byte)0xFF);
            if (found < 0 || at + found + 1 >= bytes.Length) return -1;
            at += found;
            if (bytes[at + 1] is not (0 or 0xFF or (>= 0xD0 and <= 0xD7))) return at;
            at += bytes[at + 1] == 0xFF ? 1 : 2;
        }
    }

    // Of the application's segments JFIF and Adobe say what the channels mean.
    private static bool IsEssential(byte marker) => marker is App0 or App14 || marker != Comment && marker is not (>= App0 and <= App15);
}
