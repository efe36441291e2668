using Darkroom.Imaging.Decoding;
using Darkroom.TestKit.Pictures;

namespace Darkroom.Imaging.Tests.Decoding;

public sealed class AnimationTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(50)]
    public void Frames_are_counted_as_the_format_does(int frames)
    {
        Assert.False(PictureDecoder.TryInspect(BadWebps.Animation(SeedPictures.Good.Webp, 32, 24, frames), PictureLimits.Default, out _, out var fault));
        Assert.Equal((PictureFaultKind.Animated, (long)frames), (fault.Kind, fault.Value));
        byte[] png = [.. PictureInfo.PngSignature, .. PngBuilder.Header(8, 8, 8, 0), .. PngBuilder.Chunk("acTL", 0, 0, 0, (byte)frames, 0, 0, 0, 0)];
        Assert.False(PictureDecoder.TryInspect(png, PictureLimits.Default, out _, out fault));
        Assert.Equal((PictureFaultKind.Animated, (long)frames), (fault.Kind, fault.Value));
    }

    [Fact]
    public void One_frame_that_is_smaller_than_its_canvas_lies_where_it_is_said_to_and_nothing_around_it()
    {
        foreach (byte[] still in new[] { SeedPictures.Good.LosslessWebp, SeedPictures.Good.AlphaWebp })
        {
            var alone = PictureDecoder.Decode(still);
            var picture = PictureDecoder.Decode(BadWebps.Animation(still, 32, 24, 1, left: 6, more: 10));
            Assert.Equal((42, 24, 4), (picture.Width, picture.Height, picture.Channels));
            Assert.All(picture.Crop(new PixelRect(0, 0, 6, 24)).Pixels.Concat(picture.Crop(new PixelRect(38, 0, 4, 24)).Pixels), value =>
                Assert.Equal(0, value));
            var frame = picture.Crop(new PixelRect(6, 0, 32, 24));
            Assert.Equal(alone.Pixels, alone.HasAlpha ? frame.Pixels : ChannelConversion.ToRgb(frame).Pixels);
            Assert.Equal(alone.HasAlpha, frame.Pixels.Where((_, i) => i % 4 == 3).Any(alpha => alpha < 255));
        }
    }
}
