using System.Buffers.Binary;
using System.Text;
using Darkroom.Imaging.Metadata;

namespace Darkroom.Imaging.Tests.Metadata;

public sealed class PictureMetadataTests
{
    private const string Steps = "Steps: 20, Sampler: Euler a, CFG scale: 7";

    public static IEnumerable<TheoryDataRow<PictureFormat, string>> Texts() =>
        from format in Enum.GetValues<PictureFormat>().Except([PictureFormat.Safetensors])
        from text in new[] { "x", "a fox\nNegative prompt: ugly\n" + Steps, "café ÿ\u0080", "雪の狐 ☃ 😀\n" + Steps, "雪雪雪", "odd", new string('a', 20_000) }
        select new TheoryDataRow<PictureFormat, string>(format, text);

    [Theory]
    [MemberData(nameof(Texts))]
    public void Text_comes_back(PictureFormat format, string text)
    {
        foreach (int channels in new[] { 1, 3, 4 })
            Assert.Equal(text, PictureMetadata.ReadParameters(PictureEncoder.Encode(TestPictures.Slopes(33, 21, channels), format, 80, text)));
    }

    [Theory]
    [InlineData(PictureFormat.Png)]
    [InlineData(PictureFormat.Jpeg)]
    [InlineData(PictureFormat.Webp)]
    public void Text_changes_no_pixel(PictureFormat format)
    {
        var picture = TestPictures.Slopes(33, 21, 3);
        byte[] bare = PictureEncoder.Encode(picture, format, 80, null), labelled = PictureEncoder.Encode(picture, format, 80, "☃ " + Steps);
        Assert.Null(PictureMetadata.ReadParameters(bare));
        Assert.Equal(bare, PictureEncoder.Encode(picture, format, 80, "\0"));
        Assert.Equal(PictureDecoder.Decode(bare).Pixels, PictureDecoder.Decode(labelled).Pixels);
        Assert.Equal("ab", PictureMetadata.ReadParameters(PictureEncoder.Encode(picture, format, 80, "a\0b")));
    }

    [Theory]
    [InlineData("café", "tEXtparameters\0caf\u00E9")]
    [InlineData("☃", "iTXtparameters\0\0\0\0\0\u00E2\u0098\u0083")]
    public void Png_text_is_latin1_where_it_can_be(string text, string chunk)
    {
        byte[] file = PictureEncoder.Encode(TestPictures.Slopes(8, 8, 3), PictureFormat.Png, 0, text);
        // Right behind the header chunk: 8 bytes signature, 25 bytes IHDR, 4 bytes length.
        Assert.Equal(chunk, Encoding.Latin1.GetString(file, 37, chunk.Length));
        Assert.Equal(chunk.Length - 4, BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(33)));
    }

    [Fact]
    public void Exif_is_laid_out_as_piexif_does()
    {
        byte[] file = PictureEncoder.Encode(TestPictures.Slopes(8, 8, 3), PictureFormat.Jpeg, 80, "aé");
        const string expected = "FFD8FFE10040" + "457869660000" + "4D4D002A00000008" + "0001" + "8769000400000001" + "0000001A" + "00000000"
            + "0001" + "928600070000000C" + "0000002C" + "00000000" + "554E49434F444500" + "006100E9";
        Assert.Equal(expected, Convert.ToHexString(file.AsSpan(0, expected.Length / 2)));
    }

    [Fact]
    public void Webp_is_extended_and_its_sizes_agree()
    {
        byte[] file = PictureEncoder.Encode(TestPictures.Slopes(300, 21, 3), PictureFormat.Webp, 80, "odd");
        Assert.Equal(file.Length - 8, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(4)));
        Assert.Equal("VP8X", Encoding.ASCII.GetString(file, 12, 4));
        Assert.Equal("0A000000" + "08000000" + "2B0100" + "140000", Convert.ToHexString(file.AsSpan(16, 14)));
    }

    [Fact]
    public void Other_writers_are_understood()
    {
        var little = Encoding.Unicode.GetBytes(Steps);
        var big = Encoding.BigEndianUnicode.GetBytes(Steps);
        byte[] unicode = [.. "UNICODE\0"u8];
        Assert.Equal(Steps, Comment([.. unicode, .. little]));
        Assert.Equal(Steps, Comment([.. unicode, .. big]));
        Assert.Equal(Steps, Comment([.. unicode, 0xFF, 0xFE, .. little]));
        Assert.Equal(Steps, Comment([.. unicode, 0xFE, 0xFF, .. big]));
        Assert.Equal(Steps, Comment([.. "ASCII\0\0\0"u8, .. Encoding.ASCII.GetBytes(Steps), 0, 0]));
        Assert.Equal(Steps, Comment([.. new byte[8], .. Encoding.ASCII.GetBytes(Steps)]));
        Assert.Null(Comment([.. "JIS\0\0\0\0\0"u8, .. big]));
        Assert.Null(Comment([.. unicode]));
    }

    [Theory]
    [InlineData("zTXt", "parameters\0\0", "a fox")]
    [InlineData("iTXt", "parameters\0\u0001\0\0\0", "a fox ☃")]
    public void Compressed_text_is_read_up_to_a_bound(string type, string head, string text)
    {
        Assert.Equal(text, PictureMetadata.ReadParameters(Compressed(type, head, Encoding.UTF8.GetBytes(text))));
        Assert.Equal(new string('a', PictureMetadata.MaxText),
            PictureMetadata.ReadParameters(Compressed(type, head, [.. Enumerable.Repeat((byte)'a', PictureMetadata.MaxText)])));
        Assert.Null(PictureMetadata.ReadParameters(Compressed(type, head, new byte[PictureMetadata.MaxText + 1])));
    }

    [Fact]
    public void Thousand_compressed_bombs_cost_no_more_than_one()
    {
        byte[] bomb = Compressed("zTXt", "parameters\0\0", new byte[8 << 20])[8..];
        byte[] file = [.. PictureInfo.PngSignature, .. Enumerable.Repeat(bomb, 1000).SelectMany(chunk => chunk)];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(PictureMetadata.ReadParameters(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    private static byte[] Compressed(string type, string head, byte[] text)
    {
        using var zlib = new MemoryStream();
        using (var stream = new System.IO.Compression.ZLibStream(zlib, System.IO.Compression.CompressionLevel.Fastest)) stream.Write(text);
        return [.. PictureInfo.PngSignature, .. Chunk(type, [.. Encoding.Latin1.GetBytes(head), .. zlib.ToArray()])];
    }

    [Fact]
    public void Parameters_go_before_exif_and_broken_compressed_text_is_passed_over()
    {
        byte[] exif = Chunk("eXIf", ExifComment.Write("from exif")), text = Chunk("tEXt", [.. "parameters\0from text"u8]);
        byte[] other = Chunk("tEXt", [.. "Comment\0else"u8]), compressed = Chunk("iTXt", [.. "parameters\0\u0001\0\0\0zip"u8]);
        Assert.Equal("from text", PictureMetadata.ReadParameters([.. PictureInfo.PngSignature, .. exif, .. other, .. text]));
        Assert.Equal("from exif", PictureMetadata.ReadParameters([.. PictureInfo.PngSignature, .. compressed, .. exif]));
        Assert.Equal("from text", PictureMetadata.ReadParameters([.. PictureInfo.PngSignature, .. compressed, .. text]));
        Assert.Null(PictureMetadata.ReadParameters([.. PictureInfo.PngSignature, .. Chunk("IEND", []), .. text]));
        Assert.Null(PictureMetadata.ReadParameters([.. PictureInfo.PngSignature,
            .. Chunk("tEXt", [.. "parameters\0"u8, .. new byte[PictureMetadata.MaxText]])]));
    }

    [Theory]
    [InlineData(PictureFormat.Png)]
    [InlineData(PictureFormat.Jpeg)]
    [InlineData(PictureFormat.Webp)]
    public void Hostile_bytes_are_read_without_a_fault(PictureFormat format)
    {
        byte[] file = PictureEncoder.Encode(TestPictures.Slopes(16, 16, 3), format, 50, "雪 " + Steps);
        for (int length = 0; length < file.Length; length++) PictureMetadata.ReadParameters(file.AsSpan(0, length));
        // Lengths, counts and offsets all lie in the first or the last few hundred bytes.
        for (int at = 0; at < file.Length; at++)
            foreach (byte value in new byte[] { 0, 1, 0x7F, 0x80, 0xFF })
            {
                byte[] bent = [.. file];
                bent[at] = value;
                PictureMetadata.ReadParameters(bent);
                if (at + 4 > file.Length) continue;
                bent.AsSpan(at, 4).Fill(value);
                PictureMetadata.ReadParameters(bent);
            }
        var random = new Random(11);
        byte[] noise = new byte[512];
        for (int round = 0; round < 2000; round++)
        {
            random.NextBytes(noise);
            file.AsSpan(0, 64).CopyTo(noise);
            PictureMetadata.ReadParameters(noise.AsSpan(0, random.Next(noise.Length)));
        }
        Assert.Null(PictureMetadata.ReadParameters(file.AsSpan(0, 20)));
    }

    [Fact]
    public void Directory_that_points_at_itself_ends()
    {
        byte[] block = ExifComment.Write("x");
        block[21] = 8; // the EXIF pointer leads back to the first directory
        Assert.Null(ExifComment.Read(block));
        byte[] filled = new byte[1 << 20];
        filled.AsSpan().Fill(0xFF); // a JPEG of fill bytes alone
        filled[1] = 0xD8;
        Assert.Null(PictureMetadata.ReadParameters(filled));
    }

    // A little-endian block, as cameras and most editors write it.
    private static string? Comment(byte[] comment)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, comment.Length);
        return PictureMetadata.ReadParameters([.. PictureInfo.PngSignature, .. Chunk("eXIf",
        [
            .. "II*\0\b\0\0\0"u8,
            2, 0, 0x0E, 0x01, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0x69, 0x87, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0, 0, 0, 0, 0,
            1, 0, 0x86, 0x92, 7, 0, .. length, 56, 0, 0, 0, 0, 0, 0, 0,
            .. comment,
        ])]);
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] chunk = [0, 0, 0, 0, .. Encoding.ASCII.GetBytes(type), .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        return chunk;
    }
}
