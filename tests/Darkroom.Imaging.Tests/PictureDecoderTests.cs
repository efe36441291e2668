using Darkroom.Imaging.Metadata;
using Darkroom.TestKit;

namespace Darkroom.Imaging.Tests;

public sealed class PictureDecoderTests
{
    [Theory]
    [MemberData(nameof(TestPictures.FormatsAndChannels), MemberType = typeof(TestPictures))]
    public void Every_format_is_read_by_its_magic_bytes(PictureFormat format, int channels)
    {
        var picture = TestPictures.Slopes(61, 47, channels);
        var read = PictureDecoder.Decode(PictureEncoder.Encode(picture, format, 95, null));
        Assert.Equal((61, 47), (read.Width, read.Height));
        int kept = (format, channels) switch
        {
            (PictureFormat.Jpeg, 2) => 1,
            (PictureFormat.Jpeg, 4) or (PictureFormat.Webp, 1) => 3,
            (PictureFormat.Webp, 2) => 4,
            _ => channels,
        };
        Assert.Equal(kept, read.Channels);
        Assert.Equal(61 * 47 * kept, read.Pixels.Length);
    }

    [Fact]
    public void Part_of_a_larger_buffer_is_read()
    {
        var picture = TestPictures.Slopes(20, 10, 3);
        byte[] file = PictureEncoder.Encode(picture, PictureFormat.Png, 0, null);
        byte[] buffer = [1, 2, 3, .. file, 4, 5];
        Assert.Equal(picture.Pixels, PictureDecoder.Decode(buffer.AsMemory(3, file.Length)).Pixels);
    }

    [Fact]
    public void Upper_byte_of_sixteen_bits_is_kept()
    {
        // One grey pixel of 16 bits, 0xABCD: row filter 0, then the value, in a stored zlib block.
        byte[] png = [.. PictureInfo.PngSignature,
            .. Chunk("IHDR"u8, [0, 0, 0, 1, 0, 0, 0, 1, 16, 0, 0, 0, 0]),
            .. Chunk("IDAT"u8, [0x78, 0x01, 0x01, 3, 0, 0xFC, 0xFF, 0, 0xAB, 0xCD, 0x02, 0x26, 0x01, 0x79]),
            .. Chunk("IEND"u8, [])];
        Assert.Equal([0xAB], PictureDecoder.Decode(png).Pixels);
    }

    [Theory]
    [InlineData("")]
    [InlineData("RIFF")]
    [InlineData("GIF89a, which Darkroom does not read")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>")]
    [InlineData("RIFF\0\0\0\0WAVEfmt ")]
    public void Other_files_are_refused(string text)
    {
        byte[] file = [.. text.Select(character => (byte)character)];
        Assert.Null(PictureInfo.TypeOf(file));
        Assert.Equal("Not a PNG, JPEG, WebP or npy file.", Assert.Throws<PictureFormatException>(() => PictureDecoder.Decode(file)).Message);
    }

    [Theory]
    [InlineData(PictureFormat.Png)]
    [InlineData(PictureFormat.Jpeg)]
    [InlineData(PictureFormat.Webp)]
    public void Broken_file_is_refused_and_never_crashes(PictureFormat format)
    {
        byte[] file = PictureEncoder.Encode(TestPictures.Slopes(64, 64, 3), format, 80, null);
        foreach (int length in new[] { 12, 30, file.Length / 4, file.Length / 2 })
            Assert.Throws<PictureFormatException>(() => PictureDecoder.Decode(file.AsMemory(0, length).ToArray()));
        var random = new Random(5);
        for (int round = 0; round < 200; round++)
        {
            byte[] bent = [.. file];
            for (int hit = 0; hit < 3; hit++) bent[random.Next(12, bent.Length)] = (byte)random.Next(256);
            if (Record.Exception(() => PictureDecoder.Decode(bent)) is { } fault) Assert.IsType<PictureFormatException>(fault);
        }
    }

    [Fact]
    public void Eight_bit_png_is_read_exactly()
    {
        string[] files = Directory.GetFiles(ConformancePack.PathOf("starter"), "*.png");
        Assert.NotEmpty(files);
        foreach (byte[] file in files.Select(File.ReadAllBytes).Append(PictureEncoder.Encode(TestPictures.Slopes(97, 31, 3), PictureFormat.Png, 0, "text")))
        {
            var picture = PictureDecoder.Decode(file);
            Assert.Equal(3, picture.Channels);
            Assert.Equal(PlainPng.Read(file), picture.Pixels);
        }
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] chunk = [0, 0, 0, (byte)data.Length, .. type, .. data, 0, 0, 0, 0];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4),
            TestKit.Pictures.PngBuilder.Crc(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }
}
