using Darkroom.Imaging.Resize;

namespace Darkroom.Imaging.Tests.Resize;

public sealed class PictureFitTests
{
    [Theory]
    [InlineData(ResizeMode.Stretch)]
    [InlineData(ResizeMode.Crop)]
    [InlineData(ResizeMode.Pad)]
    public void Any_size_becomes_any_size(ResizeMode mode)
    {
        foreach (var (width, height) in new[] { (1, 1), (1, 300), (300, 1), (64, 64), (63, 65) })
            foreach (var (wanted, high) in new[] { (8, 8), (64, 64), (64, 8), (8, 64), (17, 33) })
            {
                var fitted = PictureFit.To(TestPictures.Slopes(width, height, 3), wanted, high, mode);
                Assert.Equal((wanted, high, 3), (fitted.Width, fitted.Height, fitted.Channels));
            }
    }

    [Fact]
    public void Padding_takes_the_edges_colours()
    {
        var padded = PictureFit.To(TestPictures.Plain(40, 20, 200, 100, 50), 64, 64, ResizeMode.Pad);
        Assert.Equal(TestPictures.Plain(64, 64, 200, 100, 50).Pixels, padded.Pixels);
        padded = PictureFit.To(TestPictures.Plain(20, 40, 200, 100, 50), 64, 64, ResizeMode.Pad);
        Assert.Equal(TestPictures.Plain(64, 64, 200, 100, 50).Pixels, padded.Pixels);
    }

    [Fact]
    public void Cropping_keeps_the_middle()
    {
        var wide = Picture.Blank(96, 32, 3);
        wide.Paste(TestPictures.Plain(32, 32, 255, 255, 255), 32, 0);
        Assert.All(PictureFit.To(wide, 32, 32, ResizeMode.Crop).Pixels, value => Assert.Equal(255, value));
    }

    [Fact]
    public void Size_goes_down_to_the_step() =>
        Assert.Equal([(64, 96), (8, 8), (8, 16)], [PictureFit.Down(70, 100, 8), PictureFit.Down(3, 8, 8), PictureFit.Down(15, 16, 8)]);

    [Fact]
    public void Colours_under_transparency_do_not_bleed()
    {
        // Opaque white beside transparent black: every colour that is seen stays white.
        var picture = Picture.Blank(40, 8, 4);
        picture.Paste(TestPictures.Plain(20, 8, 255, 255, 255, 255), 0, 0);
        var resized = Resampler.Resize(picture, 17, 5, ResampleFilter.Bilinear);
        foreach (byte[] pixel in resized.Pixels.Chunk(4).Where(pixel => pixel[3] > 0)) Assert.Equal([255, 255, 255], pixel[..3]);
    }

    [Theory]
    [InlineData(ResampleFilter.Box)]
    [InlineData(ResampleFilter.Bilinear)]
    [InlineData(ResampleFilter.Hamming)]
    [InlineData(ResampleFilter.Bicubic)]
    [InlineData(ResampleFilter.Lanczos)]
    [InlineData(ResampleFilter.Nearest)]
    public void Plain_picture_stays_plain(ResampleFilter filter)
    {
        foreach (int channels in new[] { 1, 2, 3, 4 })
        {
            byte[] pixel = [.. new byte[] { 7, 130, 255, 255 }.TakeLast(channels)];
            Assert.Equal(TestPictures.Plain(91, 13, pixel).Pixels, Resampler.Resize(TestPictures.Plain(33, 57, pixel), 91, 13, filter).Pixels);
        }
    }
}
