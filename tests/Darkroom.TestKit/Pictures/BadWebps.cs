using System.Buffers.Binary;
using System.Text;

namespace Darkroom.TestKit.Pictures;

/// <summary>WebP files that are no pictures.</summary>
public static class BadWebps
{
    public static IEnumerable<BadPicture> All(GoodPictures good) =>
    [
        .. Truncated("webp", good.Webp), .. Truncated("lossless webp", good.LosslessWebp), .. Truncated("webp with alpha", good.AlphaWebp), .. Sizes(good),
        .. Structures(good), .. Animations(good),
    ];

    private static IEnumerable<(string Name, int At, int Length)> ChunksOf(byte[] webp)
    {
        for (int at = 12; at < webp.Length;)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(webp.AsSpan(at + 4));
            yield return (Encoding.ASCII.GetString(webp, at, 4), at, 8 + length + (length & 1));
            at += 8 + length + (length & 1);
        }
    }

    private static IEnumerable<BadPicture> Truncated(string name, byte[] webp)
    {
        foreach (var (chunk, at, length) in ChunksOf(webp))
        {
            foreach (var (where, cut) in new[] { ("before", 0), ("in the name of", 2), ("in the length of", 6), ("in the data of", 8 + (length - 8) / 2) })
            {
                yield return new($"{name} cut {where} {chunk}", "Truncated", () => webp[..(at + cut)]);
                yield return new($"{name} cut {where} {chunk}, its size corrected", "Truncated|Broken", () => Sized(webp[..(at + cut)]));
            }
            yield return new($"{name} whose {chunk} says four billion bytes", "Truncated", () => Write(webp, at + 4, uint.MaxValue));
            yield return new($"{name} whose {chunk} says two billion bytes", "Truncated", () => Write(webp, at + 4, int.MaxValue));
        }
        yield return new($"{name} that says a byte more", "Truncated", () => Write(webp, 4, (uint)webp.Length - 7));
        yield return new($"{name} that says four billion bytes", "Truncated", () => Write(webp, 4, uint.MaxValue));
        yield return new($"{name} that says no bytes", "Broken", () => Write(webp, 4, 0));
        yield return new($"{name} that says four bytes", "Broken", () => Write(webp, 4, 4));
    }

    private static IEnumerable<BadPicture> Sizes(GoodPictures good)
    {
        foreach (var (width, height, kind) in new[]
            { (0, 8, "Empty"), (8, 0, "Empty"), (8193, 1, "SideTooLong"), (1, 8193, "SideTooLong"), (16383, 16383, "SideTooLong"), (8192, 8192, "AreaTooLarge"),
            (4097, 4096, "AreaTooLarge") })
        {
            yield return new($"webp of {width} x {height}", kind, () =>
                With(good.Webp, 26, (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8)));
            if (kind == "Empty") continue;
            uint bits = (uint)(width - 1) | (uint)(height - 1) << 14;
            yield return new($"lossless webp of {width} x {height}", kind, () => Write(good.LosslessWebp, 21, bits));
            yield return new($"webp with a canvas of {width} x {height}", kind, () => Canvas(good.AlphaWebp, width, height));
        }
        yield return new("webp with a canvas of 16777216 x 16777216", "SideTooLong", () => Canvas(good.AlphaWebp, 1 << 24, 1 << 24));
        yield return new("webp with a canvas of another size than its picture", "Broken", () => Canvas(good.AlphaWebp, 9, 9));
    }

    private static IEnumerable<BadPicture> Structures(GoodPictures good)
    {
        yield return new("webp of nothing but its head", "Truncated|Broken", () => good.Webp[..12]);
        yield return new("webp of no chunk", "Broken", () => Sized(good.Webp[..12]));
        yield return new("webp of an unknown chunk alone", "Broken", () => Riff(Chunk("ABCD", 1, 2)));
        yield return new("webp with an empty VP8", "Truncated", () => Riff(Chunk("VP8 ")));
        yield return new("webp with an empty VP8L", "Truncated", () => Riff(Chunk("VP8L")));
        yield return new("webp with an empty VP8X", "Broken", () => Riff(Chunk("VP8X")));
        yield return new("webp with a header and no picture", "Broken", () => Riff(Chunk("VP8X", new byte[10])));
        yield return new("webp that is no key frame", "Broken", () => With(good.Webp, 20, (byte)(good.Webp[20] | 1)));
        yield return new("webp without a start code", "Broken", () => With(good.Webp, 23, 0));
        yield return new("lossless webp without its signature", "Broken", () => With(good.LosslessWebp, 20, 0x2E));
        yield return new("lossless webp of version 7", "Broken", () => With(good.LosslessWebp, 24, 0xE0));
        yield return new("webp with two pictures", "Broken", () => Sized([.. good.Webp, .. good.Webp[12..]]));
        yield return new("webp with its extended header behind", "Broken", () => Sized([.. good.Webp, .. Chunk("VP8X", new byte[10])]));
        yield return new("lossless webp of zeros", "Broken", () => Riff(Chunk("VP8L", [0x2F, 7, 0xC0, 1, 0, .. new byte[3]])));
        yield return new("lossless webp of noise", "Broken", () => Sized([.. good.LosslessWebp[..25], .. BadPngs.Noise(good.LosslessWebp.Length - 25)]));
        yield return new("webp of 1100 chunks", "TooManyChunks", () =>
            Sized([.. good.Webp, .. Enumerable.Repeat(Chunk("ABCD"), 1100).SelectMany(part => part)]));
        yield return new("webp with a colour profile of 5 MB", "ColourProfileTooLarge", () => Sized([.. good.Webp, .. Chunk("ICCP", new byte[5 << 20])]));
        yield return new("webp with EXIF of 2 MB", "ExifTooLarge", () => Sized([.. good.Webp, .. Chunk("EXIF", new byte[2 << 20])]));
        yield return new("webp of 33 MB", "TooManyBytes", () => [.. good.Webp, .. new byte[33 << 20]]);
    }

    private static IEnumerable<BadPicture> Animations(GoodPictures good)
    {
        yield return new("webp that says it is animated", "Animated", () => With(good.AlphaWebp, 20, (byte)(good.AlphaWebp[20] | 2)));
        yield return new("webp with ANIM", "Animated", () => Sized([.. good.AlphaWebp, .. Chunk("ANIM", new byte[6])]));
        yield return new("webp with ANMF", "Animated", () => Sized([.. good.Webp, .. Chunk("ANMF", new byte[24])]));
        foreach (int frames in new[] { 2, 50 })
            yield return new($"animated webp of {frames} frames", "Animated", () =>
                Riff([.. Chunk("VP8X", [2, 0, 0, 0, 7, 0, 0, 7, 0, 0]), .. Chunk("ANIM", new byte[6]),
                .. Enumerable.Repeat(Chunk("ANMF", [.. new byte[6], 7, 0, 0, 7, 0, 0, 9, 0, 0, 0, .. good.Webp[12..]]), frames).SelectMany(part => part)]));
    }

    private static byte[] Chunk(string name, params byte[] data)
    {
        byte[] chunk = [.. Encoding.ASCII.GetBytes(name), 0, 0, 0, 0, .. data, .. new byte[data.Length & 1]];
        BinaryPrimitives.WriteInt32LittleEndian(chunk.AsSpan(4), data.Length);
        return chunk;
    }

    private static byte[] Riff(byte[] chunks) => Sized([.. "RIFF\0\0\0\0WEBP"u8, .. chunks]);

    public static byte[] Sized(byte[] webp) => Write(webp, 4, (uint)webp.Length - 8);

    private static byte[] Canvas(byte[] webp, int width, int height) =>
        With(webp, 24, (byte)(width - 1), (byte)((width - 1) >> 8), (byte)((width - 1) >> 16), (byte)(height - 1), (byte)((height - 1) >> 8),
            (byte)((height - 1) >> 16));

    private static byte[] Write(byte[] file, int at, uint value)
    {
        byte[] copy = [.. file];
        BinaryPrimitives.WriteUInt32LittleEndian(copy.AsSpan(at), value);
        return copy;
    }

    private static byte[] With(byte[] file, int at, params byte[] bytes)
    {
        byte[] copy = [.. file];
        bytes.CopyTo(copy, at);
        return copy;
    }
}
