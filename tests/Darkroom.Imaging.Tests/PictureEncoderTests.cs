using System.Buffers.Binary;
using System.Text;
using Darkroom.Imaging.Metadata;

namespace Darkroom.Imaging.Tests;

public sealed class PictureEncoderTests
{
    private const string Text = "a fox, snow ☃\nSteps: 20, Sampler: Euler a, CFG scale: 7";

    [Theory]
    [MemberData(nameof(TestPictures.FormatsAndChannels), MemberType = typeof(TestPictures))]
    public void Same_picture_and_text_give_the_same_bytes(PictureFormat format, int channels)
    {
        var picture = TestPictures.Slopes(61, 47, channels);
        byte[] first = PictureEncoder.Encode(picture, format, 80, Text);
        Assert.Equal(format, PictureInfo.TypeOf(first));
        Assert.Equal(first, PictureEncoder.Encode(picture with { Pixels = [.. picture.Pixels] }, format, 80, Text));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Png_keeps_every_pixel(int channels)
    {
        foreach (var (width, height) in new[] { (1, 1), (64, 64), (97, 31) })
        {
            var picture = TestPictures.Slopes(width, height, channels);
            var read = PictureDecoder.Decode(PictureEncoder.Encode(picture, PictureFormat.Png, 0, Text));
            Assert.Equal((width, height, channels), (read.Width, read.Height, read.Channels));
            Assert.Equal(picture.Pixels, read.Pixels);
        }
    }

    [Theory]
    [InlineData(PictureFormat.Jpeg)]
    [InlineData(PictureFormat.Webp)]
    public void Quality_trades_bytes_for_likeness(PictureFormat format)
    {
        var picture = TestPictures.Slopes(128, 128, 3);
        var files = new[] { 0, 1, 30, 60, 89, 90, 100 }.Select(quality => PictureEncoder.Encode(picture, format, quality, null)).ToList();
        var sizes = files.Select(file => file.Length).ToList();
        Assert.Equal(sizes.Order(), sizes);
        Assert.True(sizes[^1] > 2 * sizes[0]);
        Assert.InRange(MeanError(picture, PictureDecoder.Decode(files[^1])), 0, 3);
        Assert.True(MeanError(picture, PictureDecoder.Decode(files[1])) > MeanError(picture, PictureDecoder.Decode(files[4])));
    }

    [Fact]
    public void Jpeg_keeps_all_chroma_from_quality_90_on()
    {
        var picture = TestPictures.Slopes(64, 64, 3);
        Assert.Equal(0x22, LumaSampling(PictureEncoder.Encode(picture, PictureFormat.Jpeg, 89, null)));
        Assert.Equal(0x11, LumaSampling(PictureEncoder.Encode(picture, PictureFormat.Jpeg, 90, null)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Transparent_parts_are_white_in_a_jpeg(int channels)
    {
        var clear = TestPictures.Plain(16, 16, new byte[channels]);
        Assert.All(PictureDecoder.Decode(PictureEncoder.Encode(clear, PictureFormat.Jpeg, 90, null)).Pixels, value => Assert.InRange(value, 253, 255));
    }

    [Fact]
    public void Webp_keeps_transparency()
    {
        var read = PictureDecoder.Decode(PictureEncoder.Encode(TestPictures.Plain(16, 16, 200, 100, 50, 77), PictureFormat.Webp, 90, Text));
        Assert.Equal(4, read.Channels);
        Assert.Equal(77, read.Pixels[3]);
    }

    [Fact]
    public void Png_holds_pixels_and_the_text_alone()
    {
        byte[] file = PictureEncoder.Encode(TestPictures.Slopes(64, 64, 3), PictureFormat.Png, 0, "plain");
        var kinds = new List<string>();
        foreach (var chunk in new PngChunkReader(file))
        {
            kinds.Add(Encoding.ASCII.GetString(chunk.Type));
            Assert.Equal(BinaryPrimitives.ReadUInt32BigEndian(chunk.Whole[^4..]), TestKit.Pictures.PngBuilder.Crc(chunk.Whole[4..^4]));
        }
        Assert.Equal(["IHDR", "tEXt", "IDAT", "IEND"], kinds.Distinct());
    }

    [Theory]
    [InlineData(PictureFormat.Png)]
    [InlineData(PictureFormat.Jpeg)]
    [InlineData(PictureFormat.Webp)]
    public void No_file_names_its_software(PictureFormat format)
    {
        string bytes = Encoding.Latin1.GetString(PictureEncoder.Encode(TestPictures.Slopes(64, 64, 3), format, 80, Text));
        foreach (string leak in new[] { "vips", "JFIF", "http://", "Software", "pHYs", "tIME", "ICC", "Lavc", "libwebp" })
            Assert.DoesNotContain(leak, bytes, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Text_is_left_out_of_a_jpeg_that_cannot_hold_it()
    {
        var picture = TestPictures.Slopes(16, 16, 3);
        string longest = new('雪', PictureEncoder.JpegMaxText);
        Assert.Equal(longest, PictureMetadata.ReadParameters(PictureEncoder.Encode(picture, PictureFormat.Jpeg, 80, longest)));
        Assert.Equal(PictureEncoder.Encode(picture, PictureFormat.Jpeg, 80, null), PictureEncoder.Encode(picture, PictureFormat.Jpeg, 80, longest + "!"));
        Assert.Equal(longest + "!", PictureMetadata.ReadParameters(PictureEncoder.Encode(picture, PictureFormat.Webp, 80, longest + "!")));
    }

    [Fact]
    public void Picture_too_large_for_the_format_is_refused()
    {
        var strip = TestPictures.Plain(PictureEncoder.WebpMaxSide + 1, 1, 9);
        Assert.Contains("16383", Assert.Throws<PictureFormatException>(() => PictureEncoder.Encode(strip, PictureFormat.Webp, 80, null)).Message,
            StringComparison.Ordinal);
        strip = TestPictures.Plain(1, PictureEncoder.JpegMaxSide + 1, 9);
        Assert.Throws<PictureFormatException>(() => PictureEncoder.Encode(strip, PictureFormat.Jpeg, 80, null));
        Assert.Equal(strip.Pixels, PictureDecoder.Decode(PictureEncoder.Encode(strip, PictureFormat.Png, 80, null)).Pixels);
        Assert.NotEmpty(PictureEncoder.Encode(TestPictures.Plain(1, PictureEncoder.JpegMaxSide, 9), PictureFormat.Jpeg, 80, null));
        Assert.NotEmpty(PictureEncoder.Encode(TestPictures.Plain(PictureEncoder.WebpMaxSide, 1, 9), PictureFormat.Webp, 80, Text));
    }

    [Fact]
    public void Pixels_and_options_out_of_range_are_refused()
    {
        var picture = TestPictures.Slopes(8, 8, 3);
        Assert.Throws<ArgumentException>(() => PictureEncoder.Encode(picture with { Width = 9 }, PictureFormat.Png, 80, null));
        Assert.Throws<ArgumentException>(() => PictureEncoder.Encode(new Picture(1, 1, 5, new byte[5]), PictureFormat.Png, 80, null));
        Assert.Throws<ArgumentException>(() => PictureEncoder.Encode(new Picture(0, 1, 3, []), PictureFormat.Png, 80, null));
        Assert.Throws<ArgumentOutOfRangeException>(() => PictureEncoder.Encode(picture, PictureFormat.Jpeg, -1, null));
        Assert.Throws<ArgumentOutOfRangeException>(() => PictureEncoder.Encode(picture, PictureFormat.Jpeg, 101, null));
        Assert.Throws<ArgumentOutOfRangeException>(() => PictureEncoder.Encode(picture, (PictureFormat)9, 80, null));
    }

    [Fact]
    public void Many_threads_may_encode_at_once()
    {
        var picture = TestPictures.Slopes(96, 64, 3);
        var alone = Enum.GetValues<PictureFormat>().Except([PictureFormat.Safetensors]).ToDictionary(format => format, format => PictureEncoder.Encode(picture, format, 80, Text));
        Parallel.For(0, 48, i => Assert.Equal(alone[(PictureFormat)(i % 3)], PictureEncoder.Encode(picture, (PictureFormat)(i % 3), 80, Text)));
    }

    // The first component's sampling factors in the baseline frame header.
    private static byte LumaSampling(byte[] jpeg) => jpeg[jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]) + 11];

    private static double MeanError(Picture one, Picture other) => one.Pixels.Zip(other.Pixels, (a, b) => Math.Abs(a - b)).Average();
}
