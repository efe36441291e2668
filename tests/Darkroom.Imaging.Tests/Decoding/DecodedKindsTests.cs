using Darkroom.Imaging.Decoding;
using Darkroom.TestKit.Pictures;
using NetVips;
using static Darkroom.TestKit.Pictures.PngBuilder;

namespace Darkroom.Imaging.Tests.Decoding;

public sealed class DecodedKindsTests
{
    [Fact]
    public void Palette_becomes_colour()
    {
        byte[] png = File(Header(2, 1, 8, 3), Chunk("PLTE", 10, 20, 30, 40, 50, 60), Chunk("IDAT", Zlib([0, 1, 0])), End);
        Check(png, 3, 40, 50, 60, 10, 20, 30);
    }

    [Fact]
    public void Palette_with_transparency_becomes_colour_and_alpha()
    {
        byte[] png = File(Header(2, 1, 8, 3), Chunk("PLTE", 10, 20, 30, 40, 50, 60), Chunk("tRNS", 77), Chunk("IDAT", Zlib([0, 1, 0])), End);
        Check(png, 4, 40, 50, 60, 255, 10, 20, 30, 77);
    }

    [Fact]
    public void Bits_of_grey_are_spread() => Check(File(Header(4, 1, 2, 0), Chunk("IDAT", Zlib([0, 0b00_01_10_11])), End), 1, 0, 85, 170, 255);

    [Fact]
    public void One_bit_is_black_or_white() => Check(File(Header(3, 1, 1, 0), Chunk("IDAT", Zlib([0, 0b0100_0000])), End), 1, 0, 255, 0);

    [Fact]
    public void Transparent_grey_becomes_alpha() =>
        Check(File(Header(2, 1, 8, 0), Chunk("tRNS", 0, 9), Chunk("IDAT", Zlib([0, 9, 10])), End), 2, 9, 0, 10, 255);

    [Fact]
    public void Sixteen_bits_keep_their_upper_byte()
    {
        Check(File(Header(1, 1, 16, 2), Chunk("IDAT", Zlib([0, 0x12, 0xFF, 0x34, 0, 0x56, 0x80])), End), 3, 0x12, 0x34, 0x56);
        Check(File(Header(1, 1, 16, 6), Chunk("IDAT", Zlib([0, 0x12, 0xFF, 0x34, 0, 0x56, 0x80, 0x78, 0xFF])), End), 4, 0x12, 0x34, 0x56, 0x78);
        Check(File(Header(1, 1, 16, 4), Chunk("IDAT", Zlib([0, 0x12, 0xFF, 0x34, 0])), End), 2, 0x12, 0x34);
    }

    [Fact]
    public void Interlaced_and_progressive_files_give_the_same_pixels()
    {
        var picture = TestPictures.Slopes(37, 29, 3);
        Assert.Equal(picture.Pixels, PictureDecoder.Decode(SeedPictures.Write(picture, image => image.PngsaveBuffer(interlace: true))).Pixels);
        var (straight, progressive) = (PictureDecoder.Decode(SeedPictures.Good.Jpeg), PictureDecoder.Decode(SeedPictures.Good.ProgressiveJpeg));
        Assert.InRange(straight.Pixels.Zip(progressive.Pixels, (a, b) => Math.Abs(a - b)).Max(), 0, 40);
    }

    [Fact]
    public void Inks_of_a_jpeg_as_Adobe_writes_it_become_colours()
    {
        // White, cyan, yellow, black, a dark red: 255 is full ink.
        byte[][] inks = [[0, 0, 0, 0], [255, 0, 0, 0], [0, 0, 255, 0], [0, 0, 0, 255], [0, 200, 200, 100]];
        byte[][] colours = [[255, 255, 255], [0, 255, 255], [255, 255, 0], [0, 0, 0], [155, 33, 33]];
        for (int i = 0; i < inks.Length; i++)
        {
            byte[] jpeg = SeedPictures.Write(TestPictures.Plain(16, 16, inks[i]), image =>
                image.Copy(interpretation: Enums.Interpretation.Cmyk).JpegsaveBuffer(q: 95));
            Assert.True(PictureDecoder.TryDecode(jpeg, PictureLimits.Default, out var picture, out _));
            Assert.Equal(3, picture.Channels);
            for (int channel = 0; channel < 3; channel++) Assert.InRange(picture.Pixels[channel], colours[i][channel] - 4, colours[i][channel] + 4);
        }
    }

    [Theory]
    [InlineData(1, "abcdef")]
    [InlineData(2, "cbafed")]
    [InlineData(3, "fedcba")]
    [InlineData(4, "defabc")]
    [InlineData(5, "adbecf")]
    [InlineData(6, "daebfc")]
    [InlineData(7, "fcebda")]
    [InlineData(8, "cfbead")]
    public void Cameras_orientation_is_applied(int orientation, string upright)
    {
        byte[] exif = [.. "MM\0*\0\0\0\b"u8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];
        byte[] png = File(Header(3, 2, 8, 0), Chunk("eXIf", exif), Chunk("IDAT", Zlib([0, .. "abc"u8, 0, .. "def"u8])), End);
        var picture = PictureDecoder.Decode(png);
        Assert.Equal(upright, string.Concat(picture.Pixels.Select(value => (char)value)));
        Assert.Equal(orientation >= 5 ? (2, 3) : (3, 2), (picture.Width, picture.Height));
        Assert.True(PictureDecoder.TryInspect(png, PictureLimits.Default, out var header, out _));
        Assert.Equal((picture.Width, picture.Height), (header.Width, header.Height));
        byte[] little = [.. "II*\0\b\0\0\0"u8, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0];
        byte[] jpeg = SeedPictures.Good.Jpeg, turned = [0xFF, 0xD8, 0xFF, 0xE1, 0, (byte)(little.Length + 8), .. "Exif\0\0"u8, .. little, .. jpeg[2..]];
        Assert.Equal(ExifOrientation.Apply(PictureDecoder.Decode(jpeg), orientation).Pixels, PictureDecoder.Decode(turned).Pixels);
    }

    [Fact]
    public void Alpha_is_flattened_on_the_colour_asked_for()
    {
        Assert.Equal([255, 0, 128], new Picture(1, 1, 4, [9, 9, 9, 0]).Flatten(255, 0, 128).Pixels);
        Assert.Equal([9, 8, 7], new Picture(1, 1, 4, [9, 8, 7, 255]).Flatten(255, 0, 128).Pixels);
        Assert.Equal([178, 50, 114], new Picture(1, 1, 2, [100, 128]).Flatten(255, 0, 128).Pixels.Select((value, i) => i == 0 ? value + 1 : value)
            .Select(value => (byte)value));
        Assert.Equal([5, 5, 5], new Picture(1, 1, 1, [5]).Flatten(255, 0, 128).Pixels);
    }

    [Fact]
    public void Decoding_ends_when_its_time_is_over()
    {
        byte[] png = PictureEncoder.Encode(TestPictures.Slopes(3000, 3000, 3), PictureFormat.Png, 0, null);
        Assert.False(PictureDecoder.TryDecode(png, PictureLimits.Default with { MaxTime = TimeSpan.FromMilliseconds(1) }, out _, out var fault));
        Assert.Equal(PictureFaultKind.TooSlow, fault.Kind);
        using var gone = new CancellationTokenSource();
        gone.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => PictureDecoder.TryDecode(png, PictureLimits.Default, out _, out _, gone.Token));
    }

    private static void Check(byte[] png, int channels, params byte[] pixels)
    {
        Assert.True(PictureDecoder.TryDecode(png, PictureLimits.Default, out var picture, out var fault), fault?.Message);
        Assert.Equal(channels, picture.Channels);
        Assert.Equal(pixels, picture.Pixels);
    }
}
