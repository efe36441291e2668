using Darkroom.Imaging.Alpha;

namespace Darkroom.Imaging.Tests.Alpha;

public sealed class HiddenColourTests
{
    [Fact]
    public void Colours_nobody_sees_take_after_their_neighbours_and_others_stay()
    {
        var picture = TestPictures.Plain(33, 21, 10, 20, 30, 0);
        for (int y = 5; y < 12; y++)
            for (int x = 4; x < 9; x++) new byte[] { 200, 100, 50, (byte)(x == 4 ? 1 : 255) }.CopyTo(picture.Row(y)[(x * 4)..]);
        var (colour, alpha) = AlphaPlane.Split(picture);
        Assert.NotNull(alpha);
        var filled = HiddenColour.Fill(colour, alpha);
        Assert.All(filled.Pixels.Chunk(3), pixel => Assert.Equal(new byte[] { 200, 100, 50 }, pixel));
    }

    [Fact]
    public void Each_hidden_pixel_takes_after_the_nearer_side()
    {
        var picture = TestPictures.Plain(64, 8, 0, 0);
        for (int y = 0; y < 8; y++)
        {
            new byte[] { 40, 255 }.CopyTo(picture.Row(y));
            new byte[] { 240, 255 }.CopyTo(picture.Row(y)[(63 * 2)..]);
        }
        var (colour, alpha) = AlphaPlane.Split(picture);
        var row = HiddenColour.Fill(colour, alpha!).Row(3);
        Assert.Equal((40, 40, 240, 240), (row[0], row[10], row[53], row[63]));
    }

    [Fact]
    public void Pictures_that_hide_nothing_or_everything_stay_as_they_are()
    {
        var picture = TestPictures.Slopes(9, 7, 3);
        foreach (byte level in new byte[] { 0, 1, 255 })
            Assert.Same(picture, HiddenColour.Fill(picture, TestPictures.Plain(9, 7, level)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Alpha_comes_off_and_goes_on_again(int channels)
    {
        var picture = TestPictures.Slopes(11, 6, channels);
        var (colour, alpha) = AlphaPlane.Split(picture);
        Assert.Equal(channels is 2 or 4, alpha is not null);
        Assert.Equal(picture.Pixels, AlphaPlane.Join(colour, alpha).Pixels);
    }
}
