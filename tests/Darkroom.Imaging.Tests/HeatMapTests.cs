namespace Darkroom.Imaging.Tests;

/// <summary>Maps laid over pictures.</summary>
public sealed class HeatMapTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(1)]
    public void Picture_is_grey_beneath_and_what_is_most_is_bright_and_yellow(int channels)
    {
        var picture = new Picture(32, 16, channels, [.. Enumerable.Repeat((byte)200, 32 * 16 * channels)]);
        var drawn = HeatMap.Over(picture, [1, 0], height: 1, width: 2);
        Assert.Equal((32, 16, 3), (drawn.Width, drawn.Height, drawn.Channels));
        byte[] most = drawn.Pixels[..3], least = drawn.Pixels[^3..];
        Assert.True(most[0] > 200 && most[1] > 200 && most[2] < most[0], string.Join(' ', most));
        Assert.True(least.Max() < 120 && least.Max() - least.Min() < 10, string.Join(' ', least)); // grey, and darker than it was
    }

    [Fact]
    public void Map_that_is_the_same_everywhere_is_drawn_as_nothing()
    {
        var drawn = HeatMap.Over(Picture.Blank(8, 8, 3), [0.5f, 0.5f, 0.5f, 0.5f], 2, 2);
        Assert.Single(Enumerable.Range(0, 64).Select(pixel => (drawn.Pixels[3 * pixel], drawn.Pixels[3 * pixel + 1], drawn.Pixels[3 * pixel + 2])).Distinct());
    }
}
