using System.Buffers.Binary;
using System.IO.Hashing;

namespace Darkroom.Imaging.Decoding;

/// <summary>Walks a PNG file's chunks without inflating anything (PNG specification, third edition, sections 5, 11 and 13).</summary>
internal ref struct PngHeaderReader(ReadOnlySpan<byte> file, PictureLimits limits)
{
    private const int Frame = 12;

    /// <summary>Image data in smaller pieces counts as chunks do.</summary>
    private const int SmallData = 1024;

    private readonly ReadOnlySpan<byte> bytes = file;
    private readonly EssentialParts parts = new();
    private int pictureWidth, pictureHeight, bits, orientation = 1, chunks;
    private bool hasData, isOver;

    public PictureFault? Read(out PictureHeader? header)
    {
        header = null;
        int at = PictureInfo.PngSignature.Length;
        parts.Add(0, at);
        while (!isOver)
        {
            var rest = bytes[at..];
            if (rest.Length < Frame) return PictureFault.Truncated(PictureFormat.Png, "its end chunk is missing");
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            var type = rest.Slice(4, 4);
            if (!IsName(type)) return PictureFault.Broken(PictureFormat.Png, $"no chunk begins at byte {at}");
            if (length > rest.Length - Frame)
                return PictureFault.Truncated(PictureFormat.Png, $"its chunk {Name(type)} says {length} bytes, and {rest.Length - Frame} follow");
            if (Take(rest[..((int)length + Frame)], at) is { } fault) return fault;
            at += (int)length + Frame;
        }
        if (!hasData) return PictureFault.Broken(PictureFormat.Png, "it has no image data");
        header = new PictureHeader(PictureFormat.Png, pictureWidth, pictureHeight, orientation) { Essential = parts.Parts, Bits = Math.Max(8, bits) };
        return null;
    }

    private PictureFault? Take(ReadOnlySpan<byte> chunk, int at)
    {
        ReadOnlySpan<byte> type = chunk.Slice(4, 4), data = chunk[8..^4];
        if (pictureWidth == 0) return type.SequenceEqual("IHDR"u8) ? Begin(chunk) : PictureFault.Broken(PictureFormat.Png, "it does not begin with its header");
        bool isData = type.SequenceEqual("IDAT"u8);
        if (!(isData && data.Length >= SmallData) && ++chunks > limits.MaxChunks)
            return PictureFault.Beyond(PictureFaultKind.TooManyChunks, "The PNG file has more than", limits.MaxChunks, limits.MaxChunks, "chunks");
        if (type.SequenceEqual("acTL"u8) || type.SequenceEqual("fdAT"u8)) return Animation(type, data);
        if (type.SequenceEqual("iCCP"u8) && data.Length > limits.MaxColourProfileBytes)
            return PictureFault.Beyond(
                PictureFaultKind.ColourProfileTooLarge, "The PNG file's colour profile has", data.Length, limits.MaxColourProfileBytes, "bytes");
        if (type.SequenceEqual("eXIf"u8)) return Exif(data);
        // A small first letter says that a decoder may leave it out. Of those only transparency changes pixels.
        bool isCritical = char.IsAsciiLetterUpper((char)type[0]);
        if (!isCritical && !type.SequenceEqual("tRNS"u8)) return null;
        if (HasWrongSum(chunk)) return WrongSum(type);
        if (isCritical && !isData && !type.SequenceEqual("PLTE"u8) && !type.SequenceEqual("IEND"u8))
            return PictureFault.Broken(PictureFormat.Png, $"it has a second header or an unknown chunk {Name(type)}");
        hasData |= isData;
        isOver = type.SequenceEqual("IEND"u8);
        parts.Add(at, chunk.Length);
        return null;
    }

    private PictureFault? Begin(ReadOnlySpan<byte> chunk)
    {
        var data = chunk[8..^4];
        if (data.Length != 13) return PictureFault.Broken(PictureFormat.Png, $"its header has {data.Length} bytes and not 13");
        if (HasWrongSum(chunk)) return WrongSum("IHDR"u8);
        uint width = BinaryPrimitives.ReadUInt32BigEndian(data), height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        if (PictureFault.OfSize(width, height, limits) is { } fault) return fault;
        var (depth, colour) = (data[8], data[9]);
        if (depth > 16) return PictureFault.Beyond(PictureFaultKind.TooManyBits, "The picture has", depth, 16, "bits a channel");
        bool isKnown = colour switch { 0 => depth is 1 or 2 or 4 or 8 or 16, 3 => depth is 1 or 2 or 4 or 8, 2 or 4 or 6 => depth is 8 or 16, _ => false };
        if (!isKnown) return PictureFault.Broken(PictureFormat.Png, $"no colour type {colour} has {depth} bits");
        if (data[10] != 0 || data[11] != 0 || data[12] > 1) return PictureFault.Unsupported(PictureFormat.Png, "unknown compression, filter or interlacing");
        (pictureWidth, pictureHeight, bits) = ((int)width, (int)height, depth);
        parts.Add(PictureInfo.PngSignature.Length, chunk.Length);
        return null;
    }

    private readonly PictureFault? Animation(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        long frames = type.SequenceEqual("acTL"u8) && data.Length >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(data) : 2;
        return frames == 1 ? null : PictureFault.Beyond(PictureFaultKind.Animated, "The PNG file is an animation of", frames, 1, "frames");
    }

    private PictureFault? Exif(ReadOnlySpan<byte> data)
    {
        if (data.Length > limits.MaxExifBytes)
            return PictureFault.Beyond(PictureFaultKind.ExifTooLarge, "The PNG file's EXIF block has", data.Length, limits.MaxExifBytes, "bytes");
        orientation = ExifOrientation.Read(data);
        return null;
    }

    private static bool HasWrongSum(ReadOnlySpan<byte> chunk) => BinaryPrimitives.ReadUInt32BigEndian(chunk[^4..]) != Crc32.HashToUInt32(chunk[4..^4]);

    private static PictureFault WrongSum(ReadOnlySpan<byte> type) =>
        PictureFault.Broken(PictureFormat.Png, $"the check sum of its chunk {Name(type)} is wrong");

    private static bool IsName(ReadOnlySpan<byte> type)
    {
        foreach (byte letter in type)
            if (!char.IsAsciiLetter((char)letter))
                return false;
        return true;
    }

    private static string Name(ReadOnlySpan<byte> type) => System.Text.Encoding.ASCII.GetString(type);
}
