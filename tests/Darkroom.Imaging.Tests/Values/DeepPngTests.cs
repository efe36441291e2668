using Darkroom.Imaging.Decoding;
using Darkroom.Imaging.Metadata;
using Darkroom.Imaging.Values;

namespace Darkroom.Imaging.Tests.Values;

public sealed class DeepPngTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void All_values_of_16_bits_come_back(int channels)
    {
        float[] planes = [.. Enumerable.Range(0, channels * 65536).Select(i => 2f * ((i + i / 65536 * 7) % 65536 / 65535f) - 1f)];
        var label = new PictureLabel("a, Steps: 1", []);
        byte[] file = PictureEncoder.Encode(new PictureValues(256, 256, planes), PictureFormat.Png, 16, 90, label);

        Assert.Equal([16, (byte)(channels == 1 ? 0 : 2)], file[24..26]); // depth, grey or RGB
        Assert.Equal("a, Steps: 1", PictureMetadata.ReadParameters(file));
        Assert.True(PictureDecoder.TryInspect(file, PictureLimits.Default, out var header, out _));
        Assert.Equal(16, header.Bits);
        Assert.True(ValuesDecoder.TryDecode(file, PictureLimits.Default, channels, out var read, out _));
        Assert.Equal(planes, read.Planes);
        byte[] upper = [.. Enumerable.Range(0, channels * 65536).Select(i => (byte)((i / channels + i % channels * 7) % 65536 >> 8))];
        Assert.Equal(upper, PictureDecoder.Decode(file).Pixels); // what colours of 8 bits have always been
    }

    [Fact]
    public void Eight_bits_are_the_same_pixels_by_either_way()
    {
        var picture = TestPictures.Slopes(33, 20, 3);
        float[] planes = PixelConversion.ToNetwork(picture);
        foreach (var format in (PictureFormat[])[PictureFormat.Png, PictureFormat.Jpeg, PictureFormat.Webp])
        {
            byte[] file = PictureEncoder.Encode(picture, format, 90, null);
            Assert.Equal(file, PictureEncoder.Encode(new PictureValues(33, 20, planes), format, 8, 90, null));
            Assert.True(ValuesDecoder.TryDecode(file, PictureLimits.Default, 3, out var read, out _));
            Assert.Equal(PixelConversion.ToNetwork(PictureDecoder.Decode(file)), read.Planes);
        }
    }

    [Theory]
    [InlineData(3, 1, "The picture has 3 channels (colours), and the model's pictures have 1 channel (grey); channels are not converted.")]
    [InlineData(1, 5, "The picture has 1 channel (grey), and the model's pictures have 5 channels; channels are not converted.")]
    [InlineData(4, 3, "The picture has 4 channels (colours and alpha in a picture's file), and the model's pictures have 3 channels (colours); channels are "
        + "not converted.")]
    public void Picture_of_other_channels_is_refused(int own, int wanted, string reason)
    {
        byte[] file = PictureEncoder.Encode(TestPictures.Slopes(16, 16, own), PictureFormat.Png, 90, null);
        Assert.False(ValuesDecoder.TryDecode(file, PictureLimits.Default, wanted, out _, out var fault));
        Assert.Equal(reason, fault.Message);
    }

    [Fact]
    public void Grey_picture_is_three_channels_alike()
    {
        byte[] file = PictureEncoder.Encode(TestPictures.Slopes(16, 16, 1), PictureFormat.Png, 90, null);
        Assert.True(ValuesDecoder.TryDecode(file, PictureLimits.Default, 3, out var read, out _));
        Assert.Equal(PixelConversion.ToNetwork(ChannelConversion.ToRgb(PictureDecoder.Decode(file))), read.Planes);
    }

    [Fact]
    public void Picture_file_holds_no_other_channels_and_no_floats()
    {
        var two = new PictureValues(4, 4, new float[32]);
        Assert.Throws<ArgumentException>(() => PictureEncoder.Encode(two, PictureFormat.Png, 8, 90, null));
        Assert.Throws<ArgumentException>(() => PictureEncoder.Encode(two with { Planes = new float[16] }, PictureFormat.Jpeg, 16, 90, null));
        Assert.Throws<ArgumentException>(() => PictureEncoder.Encode(two with { Planes = new float[16] }, PictureFormat.Png, 32, 90, null));
    }
}
