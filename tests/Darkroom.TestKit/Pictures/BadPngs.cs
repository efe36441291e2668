using System.Buffers.Binary;
using static Darkroom.TestKit.Pictures.PngBuilder;

namespace Darkroom.TestKit.Pictures;

/// <summary>PNG files that are no pictures.</summary>
public static class BadPngs
{
    private static readonly byte[] Data = Zlib(new byte[8 * (1 + 8)]);

    /// <summary>8 x 8 pixels of a palette with every kind of chunk that pictures have.</summary>
    private static (string Name, byte[] Bytes)[] Everything =>
    [
        ("IHDR", Header(8, 8, 8, 3)), ("gAMA", Chunk("gAMA", 0, 0, 0xB1, 0x8F)), ("sRGB", Chunk("sRGB", 0)), ("pHYs", Chunk("pHYs", new byte[9])),
        ("tEXt", Chunk("tEXt", [.. "a\0b"u8])),
        ("zTXt", Chunk("zTXt", [.. "a\0\0"u8, .. Zlib("b"u8)])), ("iTXt", Chunk("iTXt", [.. "a\0\0\0\0\0b"u8])),
        ("iCCP", Chunk("iCCP", [.. "a\0\0"u8, .. Zlib(new byte[128])])),
        ("eXIf", Chunk("eXIf", [.. "MM\0*\0\0\0\b\0\0"u8])), ("tIME", Chunk("tIME", new byte[7])), ("PLTE", Chunk("PLTE", new byte[6])),
        ("tRNS", Chunk("tRNS", 9)),
        ("IDAT", Chunk("IDAT", Data[..4])), ("second IDAT", Chunk("IDAT", Data[4..])), ("IEND", End),
    ];

    public static IEnumerable<BadPicture> All() => [.. Truncated(), .. WrongSums(), .. Sizes(), .. Types(), .. Structures(), .. Animations(), .. Bombs()];

    private static IEnumerable<BadPicture> Truncated()
    {
        byte[] whole = File([.. Everything.Select(part => part.Bytes)]);
        int at = 8;
        foreach (var (name, bytes) in Everything)
        {
            int start = at, length = bytes.Length;
            foreach (var (where, cut) in new[]
                { ("before", 0), ("in the length of", 2), ("in the type of", 6), ("in the data of", 8 + (length - 12) / 2), ("in the sum of", length - 2) })
                yield return new($"png cut {where} {name}", "Truncated", () => whole[..(start + cut)]);
            yield return new($"png whose {name} says too many bytes", "Truncated", () => Write(whole, start, 0x7FFFFFF0));
            yield return new($"png whose {name} says four billion bytes", "Truncated", () => Write(whole, start, uint.MaxValue));
            yield return new($"png whose {name} has no name", "Broken", () => Write(whole, start + 4, 0x01020304));
            at += length;
        }
    }

    private static IEnumerable<BadPicture> WrongSums()
    {
        for (int i = 0; i < Everything.Length; i++)
        {
            if (Everything[i].Name is not ("IHDR" or "PLTE" or "tRNS" or "IDAT" or "second IDAT" or "IEND")) continue;
            byte[][] parts = [.. Everything.Select(part => part.Bytes)];
            parts[i][^1] ^= 1;
            yield return new($"png with a wrong sum in {Everything[i].Name}", "Broken", () => File(parts));
        }
    }

    private static IEnumerable<BadPicture> Sizes()
    {
        foreach (var (width, height, kind) in new (uint, uint, string)[]
            { (0, 8, "Empty"), (8, 0, "Empty"), (0, 0, "Empty"), (8193, 1, "SideTooLong"), (1, 8193, "SideTooLong"), (30000, 30000, "SideTooLong"),
            (65535, 65535, "SideTooLong"), (int.MaxValue, 1, "SideTooLong"), (0x80000000, 8, "SideTooLong"), (uint.MaxValue, uint.MaxValue, "SideTooLong"),
            (8192, 8192, "AreaTooLarge"), (4097, 4096, "AreaTooLarge"), (8192, 2049, "AreaTooLarge") })
            yield return new($"png of {width} x {height}", kind, () => File(Header(width, height, 8, 2), Chunk("IDAT", Data), End));
        yield return new("png of 30000 x 30000 one-bit pixels in 110 kB, whole", "SideTooLong", () =>
            File(Header(30000, 30000, 1, 0), Chunk("IDAT", ZlibOfZeros(30000L * 3751)), End));
        yield return new("png of 8192 x 8192 one-bit pixels, whole", "AreaTooLarge", () =>
            File(Header(8192, 8192, 1, 0), Chunk("IDAT", ZlibOfZeros(8192L * 1025)), End));
    }

    private static IEnumerable<BadPicture> Types()
    {
        foreach (int colour in new[] { 0, 1, 2, 3, 4, 5, 6, 7, 255 })
            foreach (int depth in new[] { 0, 1, 2, 3, 4, 7, 8, 16, 17, 32, 255 })
            {
                bool isKnown = colour switch
                    { 0 => depth is 1 or 2 or 4 or 8 or 16, 3 => depth is 1 or 2 or 4 or 8, 2 or 4 or 6 => depth is 8 or 16, _ => false };
                if (!isKnown) yield return new($"png of colour type {colour} and {depth} bits", depth > 16 ? "TooManyBits" : "Broken", () =>
                    File(Header(8, 8, depth, colour), Chunk("IDAT", Data), End));
            }
        yield return new("png of compression method 1", "Unsupported", () => File(Header(8, 8, 8, 0, compression: 1), Chunk("IDAT", Data), End));
        yield return new("png of filter method 1", "Unsupported", () => File(Header(8, 8, 8, 0, filter: 1), Chunk("IDAT", Data), End));
        yield return new("png of interlace method 2", "Unsupported", () => File(Header(8, 8, 8, 0, interlace: 2), Chunk("IDAT", Data), End));
    }

    private static IEnumerable<BadPicture> Structures()
    {
        byte[] header = Header(8, 8, 8, 0), data = Chunk("IDAT", Data);
        yield return new("png of nothing but its signature", "Truncated", () => File());
        yield return new("png that begins with IDAT", "Broken", () => File(data, header, End));
        yield return new("png that begins with IEND", "Broken", () => File(End));
        yield return new("png without image data", "Broken", () => File(header, End));
        yield return new("png with empty image data", "Broken", () => File(header, Chunk("IDAT"), End));
        yield return new("png with two headers", "Broken", () => File(header, header, data, End));
        yield return new("png with a header of 12 bytes", "Broken", () => File(Chunk("IHDR", new byte[12]), data, End));
        yield return new("png with a header of 14 bytes", "Broken", () => File(Chunk("IHDR", new byte[14]), data, End));
        yield return new("png with an unknown critical chunk", "Broken", () => File(header, Chunk("ABCD", 1), data, End));
        yield return new("png with a palette type and no palette", "Broken", () => File(Header(8, 8, 8, 3), data, End));
        yield return new("png with half of its lines", "Broken|Truncated", () => File(header, Chunk("IDAT", Zlib(new byte[4 * 9])), End));
        yield return new("png with one byte of its lines", "Broken|Truncated", () => File(header, Chunk("IDAT", Zlib(new byte[1])), End));
        yield return new("png with half of its zlib data", "Broken|Truncated", () => File(header, Chunk("IDAT", Zlib(Noise(72))[..40]), End));
        yield return new("png with noise for zlib data", "Broken", () => File(header, Chunk("IDAT", Noise(200)), End));
        yield return new("png with plain lines for zlib data", "Broken", () => File(header, Chunk("IDAT", new byte[72]), End));
        yield return new("png with filter type 9", "Broken", () => File(header, Chunk("IDAT", Zlib([.. Enumerable.Repeat((byte)9, 72)])), End));
        yield return new("png with a text file in image data", "Broken", () => File(header, Chunk("IDAT", [.. "GET / HTTP/1.1"u8]), End));
    }

    private static IEnumerable<BadPicture> Animations()
    {
        byte[] header = Header(8, 8, 8, 0), data = Chunk("IDAT", Data);
        foreach (uint frames in new uint[] { 0, 2, 3, 100, 1 << 30, uint.MaxValue })
            yield return new($"animated png of {frames} frames", "Animated", () => File(header, Chunk("acTL", [.. Big(frames), 0, 0, 0, 0]), data, End));
        yield return new("animated png with an empty acTL", "Animated", () => File(header, Chunk("acTL"), data, End));
        yield return new("png with fdAT and no acTL", "Animated", () => File(header, data, Chunk("fdAT", [0, 0, 0, 1, .. Data]), End));
        yield return new("animated png with acTL behind the data", "Animated", () => File(header, data, Chunk("acTL", [.. Big(2), 0, 0, 0, 0]), End));
    }

    private static IEnumerable<BadPicture> Bombs()
    {
        byte[] header = Header(8, 8, 8, 0), data = Chunk("IDAT", Data);
        byte[] Many(byte[] chunk, int count) => [.. Enumerable.Repeat(chunk, count).SelectMany(part => part)];
        yield return new("png of 1100 texts", "TooManyChunks", () => File(header, Many(Chunk("tEXt", [.. "a\0b"u8]), 1100), data, End));
        yield return new("png of 1100 empty pieces of data", "TooManyChunks", () => File(header, Many(Chunk("IDAT"), 1100), data, End));
        yield return new("png of 1100 private chunks", "TooManyChunks", () => File(header, Many(Chunk("prVt"), 1100), data, End));
        yield return new("png of 100000 texts", "TooManyChunks", () => File(header, Many(Chunk("tEXt"), 100_000), data, End));
        yield return new("png with a colour profile of 5 MB", "ColourProfileTooLarge", () => File(header, Chunk("iCCP", new byte[5 << 20]), data, End));
        yield return new("png with EXIF of 2 MB", "ExifTooLarge", () => File(header, Chunk("eXIf", new byte[2 << 20]), data, End));
        yield return new("png of 33 MB", "TooManyBytes", () => File(header, Chunk("prVt", new byte[33 << 20]), data, End));
    }

    public static byte[] Noise(int length)
    {
        byte[] noise = new byte[length];
        new Random(length).NextBytes(noise);
        return noise;
    }

    private static byte[] Big(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Write(byte[] file, int at, uint value)
    {
        byte[] copy = [.. file];
        BinaryPrimitives.WriteUInt32BigEndian(copy.AsSpan(at), value);
        return copy;
    }
}
