using Darkroom.Imaging.Resize;
using Darkroom.Imaging.Rows;

namespace Darkroom.Imaging.Tests.Rows;

public sealed class LanczosRowsTests
{
    [Theory]
    [InlineData(53, 37, 26, 18, 3)]
    [InlineData(53, 37, 80, 61, 3)]
    [InlineData(96, 64, 31, 64, 4)]
    [InlineData(200, 3, 50, 1, 1)]
    [InlineData(1, 1, 8, 5, 3)]
    [InlineData(40, 90, 10, 720, 2)]
    public void Row_by_row_gives_what_the_whole_picture_gives(int width, int height, int toWidth, int toHeight, int channels)
    {
        // The opaque test picture has no alpha to weigh colours by.
        var picture = TestPictures.Slopes(width, height, channels);
        for (int i = channels - 1; channels is 2 or 4 && i < picture.Pixels.Length; i += channels) picture.Pixels[i] = 255;
        var result = new PictureRows(toWidth, toHeight, channels);
        var rows = new LanczosRows((width, height), (toWidth, toHeight), channels, result);
        for (int y = 0; y < height; y++) rows.Take(picture.Row(y));
        Assert.Equal(Resampler.Resize(picture, toWidth, toHeight).Pixels, result.ToPicture().Pixels);
    }

    [Fact]
    public void A_picture_that_lacks_rows_is_not_given_out()
    {
        var rows = new PictureRows(4, 2, 1);
        rows.Take(new byte[4]);
        Assert.Throws<InvalidOperationException>(rows.ToPicture);
    }
}
