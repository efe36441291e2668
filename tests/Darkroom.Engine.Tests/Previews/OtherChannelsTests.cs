using Darkroom.Engine.Previews;
using Darkroom.Imaging;
using Darkroom.Models.Families;

namespace Darkroom.Engine.Tests.Previews;

/// <summary>Previews of pictures that are no colours.</summary>
public sealed class OtherChannelsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 3)]
    [InlineData(4, 1)]
    [InlineData(16, 1)]
    public void Three_channels_are_colours_and_of_others_the_first_is_a_grey(int channels, int shown)
    {
        float[] planes = [.. Enumerable.Range(0, channels * 64).Select(i => i / 64 == 0 ? i % 64 / 32f - 1 : 0.5f)];
        var (png, width, height) = PreviewPicture.Encode(new DecodedPicture(8, 8, planes), 8, 8);
        var picture = PictureDecoder.Decode(png);
        Assert.Equal((8, 8, shown), (width, height, picture.Channels));
        byte[] first = PixelConversion.FromNetwork(planes.AsSpan(0, 64), 8, 8).Pixels;
        Assert.Equal(first, picture.Pixels.Where((_, i) => i % shown == 0));
    }
}
