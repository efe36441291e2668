using System.Buffers.Binary;

namespace Darkroom.Imaging.Decoding;

/// <summary>Walks a WebP file's chunks and reads the headers of VP8, VP8L and VP8X (RFC 9649, sections 2 and 3; RFC 6386, section 9.1).</summary>
internal ref struct WebpHeaderReader(ReadOnlySpan<byte> file, PictureLimits limits)
{
    private const int FileHead = 12, ChunkHead = 8;
    private const byte IsAnimation = 0x02;

    private readonly EssentialParts parts = new();
    private ReadOnlySpan<byte> bytes = file;
    private int canvasWidth, canvasHeight, pictureWidth, pictureHeight, orientation = 1, chunks, frames;
    private PixelRect? lone;
    private bool isAnimation;

    public PictureFault? Read(out PictureHeader? header)
    {
        header = null;
        long says = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) + 8L;
        if (says > bytes.Length) return PictureFault.Truncated(PictureFormat.Webp, $"it says {says} bytes and has {bytes.Length}");
        if (says < FileHead + ChunkHead) return PictureFault.Broken(PictureFormat.Webp, "it holds no chunk");
        // What follows its chunks is not part of the picture.
        bytes = bytes[..(int)says];
        parts.Add(0, FileHead);
        for (int at = FileHead; at < bytes.Length;)
        {
            if (bytes.Length - at < ChunkHead) return PictureFault.Truncated(PictureFormat.Webp, "it ends in the head of a chunk");
            var name = bytes.Slice(at, 4);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]);
            if (length > bytes.Length - at - ChunkHead)
                return PictureFault.Truncated(PictureFormat.Webp, $"a chunk says {length} bytes, and {bytes.Length - at - ChunkHead} follow");
            // Chunks begin at even places; some writers leave the last byte out.
            int whole = Math.Min(ChunkHead + (int)length + (int)(length & 1), bytes.Length - at);
            if (++chunks > limits.MaxChunks) return TooManyChunks();
            if (Take(name, bytes.Slice(at + ChunkHead, (int)length), at, whole) is { } fault) return fault;
            at += whole;
        }
        return Finish(out header);
    }

    private PictureFault? Finish(out PictureHeader? header)
    {
        header = null;
        if (frames > 1) return PictureFault.Beyond(PictureFaultKind.Animated, "The WebP file is an animation of", frames, 1, "frames");
        if (isAnimation && frames == 0) return PictureFault.Broken(PictureFormat.Webp, "it says it is an animation, and has no frame");
        if (pictureWidth == 0) return PictureFault.Broken(PictureFormat.Webp, "it has no picture");
        if (lone is { } place)
        {
            if (!new PixelRect(0, 0, canvasWidth, canvasHeight).Contains(place) || (place.Width, place.Height) != (pictureWidth, pictureHeight))
                return PictureFault.Broken(PictureFormat.Webp, "its frame lies outside of its canvas, or is of another size than its picture");
            header = new PictureHeader(PictureFormat.Webp, canvasWidth, canvasHeight, orientation) { Essential = parts.Parts, Frame = place };
            return null;
        }
        if (canvasWidth != 0 && (canvasWidth, canvasHeight) != (pictureWidth, pictureHeight))
            return PictureFault.Broken(PictureFormat.Webp, $"its canvas is {canvasWidth} x {canvasHeight}, its picture {pictureWidth} x {pictureHeight}");
        header = new PictureHeader(PictureFormat.Webp, pictureWidth, pictureHeight, orientation) { Essential = parts.Parts };
        return null;
    }

    private PictureFault? Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, int at, int whole)
    {
        if (name.SequenceEqual("VP8X"u8)) return Extended(data, at, whole);
        if (name.SequenceEqual("VP8 "u8)) return Lossy(data, at, whole);
        if (name.SequenceEqual("VP8L"u8)) return Lossless(data, at, whole);
        if (name.SequenceEqual("ALPH"u8) && pictureWidth == 0 && canvasWidth != 0) parts.Add(at, whole);
        else if (name.SequenceEqual("ANMF"u8) && isAnimation) return ++frames == 1 ? Frame(data, at + ChunkHead) : null;
        else if (name.SequenceEqual("ICCP"u8) && data.Length > limits.MaxColourProfileBytes)
            return PictureFault.Beyond(
                PictureFaultKind.ColourProfileTooLarge, "The WebP file's colour profile has", data.Length, limits.MaxColourProfileBytes, "bytes");
        else if (name.SequenceEqual("EXIF"u8))
        {
            if (data.Length > limits.MaxExifBytes)
                return PictureFault.Beyond(PictureFaultKind.ExifTooLarge, "The WebP file's EXIF block has", data.Length, limits.MaxExifBytes, "bytes");
            orientation = ExifOrientation.Read(data);
        }
        return null;
    }

    private PictureFault? Extended(ReadOnlySpan<byte> data, int at, int whole)
    {
        if (at != FileHead || data.Length < 10) return PictureFault.Broken(PictureFormat.Webp, "its extended header is too short or not at its place");
        isAnimation = (data[0] & IsAnimation) != 0;
        (canvasWidth, canvasHeight) = (UInt24(data[4..]) + 1, UInt24(data[7..]) + 1);
        parts.Add(at, whole);
        return PictureFault.OfSize(canvasWidth, canvasHeight, limits);
    }

    // Offset in twos, width - 1, height - 1 and duration in 24 bits each, flags; then the chunks of a still picture.
    private PictureFault? Frame(ReadOnlySpan<byte> data, int start)
    {
        const int head = 16;
        if (data.Length < head) return PictureFault.Truncated(PictureFormat.Webp, "it ends in the header of a frame");
        lone = new PixelRect(2 * UInt24(data), 2 * UInt24(data[3..]), UInt24(data[6..]) + 1, UInt24(data[9..]) + 1);
        for (int at = head; at < data.Length;)
        {
            if (data.Length - at < ChunkHead) return PictureFault.Truncated(PictureFormat.Webp, "it ends in the head of a chunk");
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(data[(at + 4)..]);
            if (length > data.Length - at - ChunkHead)
                return PictureFault.Truncated(PictureFormat.Webp, $"a chunk says {length} bytes, and {data.Length - at - ChunkHead} follow");
            int whole = Math.Min(ChunkHead + (int)length + (int)(length & 1), data.Length - at);
            if (++chunks > limits.MaxChunks) return TooManyChunks();
            var name = data.Slice(at, 4);
            bool isPicture = name.SequenceEqual("ALPH"u8) || name.SequenceEqual("VP8 "u8) || name.SequenceEqual("VP8L"u8);
            if (isPicture && Take(name, data.Slice(at + ChunkHead, (int)length), start + at, whole) is { } fault) return fault;
            at += whole;
        }
        return null;
    }

    private readonly PictureFault TooManyChunks() =>
        PictureFault.Beyond(PictureFaultKind.TooManyChunks, "The WebP file has more than", limits.MaxChunks, limits.MaxChunks, "chunks");

    private static int UInt24(ReadOnlySpan<byte> at) => at[0] | at[1] << 8 | at[2] << 16;

    // Frame tag of three bytes (bit 0: not a key frame), start code, 14 bits each and two of scale.
    private PictureFault? Lossy(ReadOnlySpan<byte> data, int at, int whole)
    {
        if (data.Length < 10) return PictureFault.Truncated(PictureFormat.Webp, "it ends in the header of its picture");
        if ((data[0] & 1) != 0 || !data[3..].StartsWith((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A]))
            return PictureFault.Broken(PictureFormat.Webp, "its picture does not begin with a key frame");
        return Begin(BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF, at, whole);
    }

    // Signature, 14 bits of width - 1, 14 of height - 1, alpha, 3 bits of version.
    private PictureFault? Lossless(ReadOnlySpan<byte> data, int at, int whole)
    {
        if (data.Length < 5) return PictureFault.Truncated(PictureFormat.Webp, "it ends in the header of its picture");
        uint bits = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
        if (data[0] != 0x2F || bits >> 29 != 0) return PictureFault.Broken(PictureFormat.Webp, "its picture's signature or version is wrong");
        return Begin((int)(bits & 0x3FFF) + 1, (int)(bits >> 14 & 0x3FFF) + 1, at, whole);
    }

    private PictureFault? Begin(int width, int height, int at, int whole)
    {
        if (pictureWidth != 0) return PictureFault.Broken(PictureFormat.Webp, "it has two pictures");
        if (PictureFault.OfSize(width, height, limits) is { } fault) return fault;
        (pictureWidth, pictureHeight) = (width, height);
        parts.Add(at, whole);
        return null;
    }
}
