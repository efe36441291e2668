using Darkroom.Imaging.Decoding;
using Darkroom.TestKit.Pictures;
using static Darkroom.TestKit.Pictures.PngBuilder;

namespace Darkroom.Imaging.Tests.Decoding;

/// <summary>Files that carry something hostile beside their picture: the picture is read as if it were alone, for nothing else of the file is.</summary>
public sealed class HarmlessPicturesTests
{
    private static readonly byte[] Png = SeedPictures.All.First(seed => seed.Name == "png rgb").File;
    private static readonly Dictionary<string, (byte[] Plain, Func<byte[]> File)> Files = All()
        .ToDictionary(file => file.Name, file => (file.Plain, file.File));

    public static IEnumerable<TheoryDataRow<string>> Names() => Files.Keys.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Gives_the_pixels_of_the_plain_picture(string name)
    {
        var (plain, make) = Files[name];
        byte[] file = make();
        var golden = PictureDecoder.Decode(plain);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(PictureDecoder.TryDecode(file, PictureLimits.Default, out var picture, out var fault), fault?.Message);
        Assert.Equal(golden.Pixels, picture.Pixels);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static IEnumerable<(string Name, byte[] Plain, Func<byte[]> File)> All()
    {
        foreach (var (seed, plain) in SeedPictures.All)
            foreach (var (what, behind) in new (string, byte[])[]
                { ("an archive", [.. "PK\u0003\u0004"u8, .. new byte[500]]), ("a page", [.. "<script>alert(1)</script>"u8]),
                ("a program", [.. "<?php system($_GET[0]);"u8]), ("itself", plain), ("a megabyte of zeros", new byte[1 << 20]) })
                yield return ($"{seed} with {what} behind it", plain, () => [.. plain, .. behind]);
        foreach (var (what, chunk) in Chunks()) yield return ($"png with {what}", Png, () => [.. Png[..33], .. chunk(), .. Png[33..]]);
        foreach (var (what, block) in ExifBlocks())
        {
            byte[] jpeg = SeedPictures.Good.Jpeg, webp = SeedPictures.Good.Webp;
            yield return ($"png with EXIF of {what}", Png, () => [.. Png[..33], .. Chunk("eXIf", block), .. Png[33..]]);
            yield return ($"jpeg with EXIF of {what}", jpeg, () =>
                [0xFF, 0xD8, 0xFF, 0xE1, (byte)((block.Length + 8) >> 8), (byte)(block.Length + 8), .. "Exif\0\0"u8, .. block, .. jpeg[2..]]);
            yield return ($"webp with EXIF of {what}", webp, () =>
                BadWebps.Sized([.. webp, .. "EXIF"u8, (byte)block.Length, (byte)(block.Length >> 8), 0, 0, .. block, .. new byte[block.Length & 1]]));
        }
        byte[] single = File(Header(8, 8, 8, 0), Chunk("IDAT", ZlibOfZeros(72)), End);
        yield return ("png whose 72 bytes of data are followed by 128 MB", single, () => File(Header(8, 8, 8, 0), Chunk("IDAT", ZlibOfZeros(1L << 27)), End));
    }

    private static IEnumerable<(string, Func<byte[]>)> Chunks()
    {
        yield return ("a text that inflates to 128 MB", () => Chunk("zTXt", [.. "parameters\0\0"u8, .. ZlibOfZeros(1L << 27)]));
        yield return ("an international text that inflates to 128 MB", () => Chunk("iTXt", [.. "parameters\0\u0001\0\0\0"u8, .. ZlibOfZeros(1L << 27)]));
        yield return ("a profile that inflates to 128 MB", () => Chunk("iCCP", [.. "p\0\0"u8, .. ZlibOfZeros(1L << 27)]));
        yield return ("500 texts that inflate to a megabyte", () =>
            [.. Enumerable.Repeat(Chunk("zTXt", [.. "a\0\0"u8, .. ZlibOfZeros(1 << 20)]), 500).SelectMany(chunk => chunk)]);
        yield return ("a profile of noise", () => Chunk("iCCP", BadPngs.Noise(5000)));
        yield return ("a text without a keyword's end", () => Chunk("tEXt", BadPngs.Noise(5000)));
        yield return ("a gamma of zero", () => Chunk("gAMA", new byte[4]));
        yield return ("a histogram of the wrong length", () => Chunk("hIST", new byte[3]));
        yield return ("a wrong sum in a text", () => [.. Chunk("tEXt", 1, 0, 2)[..^1], 0x55]);
        yield return ("an animation of one frame", () => Chunk("acTL", 0, 0, 0, 1, 0, 0, 0, 0));
    }

    private static IEnumerable<(string, byte[])> ExifBlocks()
    {
        // Offset, entry count, entries of tag, type, count, value; offset of the next directory.
        yield return ("a directory that follows itself", [.. "MM\0*\0\0\0\b"u8, 0, 0, 0, 0, 0, 8]);
        yield return ("a directory within itself", [.. "MM\0*\0\0\0\b"u8, 0, 1, 0x87, 0x69, 0, 4, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 8]);
        yield return ("two directories that follow each other", [.. "II*\0\b\0\0\0"u8, 0, 0, 14, 0, 0, 0, 0, 0, 8, 0, 0, 0]);
        yield return ("65535 entries that are not there", [.. "MM\0*\0\0\0\b"u8, 0xFF, 0xFF]);
        yield return ("65535 entries in 60 kB", [.. "MM\0*\0\0\0\b"u8, 0xFF, 0xFF, .. new byte[60_000]]);
        yield return ("a directory at four billion", [.. "MM\0*"u8, 0xFF, 0xFF, 0xFF, 0xFF, .. new byte[20]]);
        yield return ("a directory in its own head", [.. "MM\0*\0\0\0\0"u8, .. new byte[20]]);
        yield return ("orientation 9", [.. "MM\0*\0\0\0\b"u8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0]);
        yield return ("orientation 0", [.. "MM\0*\0\0\0\b"u8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
        yield return ("orientation as four billion texts", [.. "MM\0*\0\0\0\b"u8, 0, 1, 0x01, 0x12, 0, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0, 6, 0, 0, 0, 0, 0, 0]);
        yield return ("noise", BadPngs.Noise(999));
        yield return ("nothing", []);
        yield return ("text", [.. "hello, I am a camera"u8]);
    }
}
