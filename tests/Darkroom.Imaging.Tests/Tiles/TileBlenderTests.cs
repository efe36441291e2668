using Darkroom.Imaging.Rows;
using Darkroom.Imaging.Tiles;

namespace Darkroom.Imaging.Tests.Tiles;

public sealed class TileBlenderTests
{
    public static IEnumerable<TheoryDataRow<int, int, int, int, int>> Cases() =>
        from tile in new[] { 5, 16, 40 } from overlap in new[] { 0, 3, 8 } from fade in new[] { 0, 2, 8 } from scale in new[] { 1, 3 } from channels in new[]
            { 1, 3 }
        select new TheoryDataRow<int, int, int, int, int>(tile, overlap, fade, scale, channels);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Tiles_that_agree_give_the_picture_back(int core, int overlap, int fade, int scale, int channels)
    {
        foreach (var (width, height) in new[] { (1, 1), (7, 50), (53, 37), (80, 16) })
        {
            var picture = TestPictures.Slopes(width, height, channels);
            Assert.Equal(Enlarged(picture, scale).Pixels,
                Run(picture, TilePlan.Make(width, height, core, overlap, 4), scale, channels, fade, (_, values) => values).Pixels);
        }
    }

    [Fact]
    public void Two_tiles_that_differ_fade_into_each_other_in_a_straight_line()
    {
        var picture = TestPictures.Plain(40, 8, 0);
        var plan = TilePlan.Make(40, 8, 20, 8);
        var blended = Run(picture, plan, 1, 1, 4, (tile, values) => [.. values.Select(_ => (float)tile.Column)]);
        int[] row = [.. blended.Pixels.Take(40).Select(value => (int)value)];
        Assert.All(row[..16], value => Assert.Equal(0, value));
        Assert.All(row[24..], value => Assert.Equal(255, value));
        Assert.Equal([16, 48, 80, 112, 143, 175, 207, 239], row[16..24]);
        var cut = Run(picture, plan, 1, 1, 0, (tile, values) => [.. values.Select(_ => (float)tile.Column)]);
        Assert.Equal([.. Enumerable.Repeat(0, 20), .. Enumerable.Repeat(255, 20)], cut.Pixels.Take(40).Select(value => (int)value));
    }

    [Fact]
    public void Values_beyond_the_range_and_no_numbers_become_the_nearest_byte()
    {
        float[] values = [-0.4f, 0, 0.5f / 255, 0.49f / 255, 1, 1.39f, float.NaN];
        var rows = new PictureRows(values.Length, 1, 1);
        new TileBlender(TilePlan.Make(values.Length, 1, 16, 0), 1, 1, 0, rows).Add(0, values);
        Assert.Equal([0, 0, 1, 0, 255, 255, 0], rows.ToPicture().Pixels);
    }

    [Fact]
    public void Answers_out_of_order_are_refused()
    {
        var blender = new TileBlender(TilePlan.Make(40, 8, 20, 0), 1, 1, 0, new PictureRows(40, 8, 1));
        Assert.Throws<ArgumentException>(() => blender.Add(1, new float[20 * 8]));
    }

    private static Picture Run(Picture picture, TilePlan plan, int scale, int channels, int fade, Func<Tile, float[], float[]> network)
    {
        var rows = new PictureRows(picture.Width * scale, picture.Height * scale, channels);
        var blender = new TileBlender(plan, scale, channels, fade, rows);
        for (int i = 0; i < plan.Count; i++)
        {
            var window = plan[i].Window;
            float[] values = new float[channels * window.Width * window.Height];
            TileReader.Read(picture, window, values);
            blender.Add(i, network(plan[i], Enlarged(values, window, channels, scale)));
        }
        return rows.ToPicture();
    }

    private static float[] Enlarged(float[] planes, PixelRect window, int channels, int scale)
    {
        int width = window.Width * scale, height = window.Height * scale;
        float[] larger = new float[channels * width * height];
        for (int i = 0; i < larger.Length; i++)
            larger[i] = planes[(i / (width * height) * window.Height + i / width % height / scale) * window.Width + i % width / scale];
        return larger;
    }

    private static Picture Enlarged(Picture picture, int scale)
    {
        var larger = Picture.Blank(picture.Width * scale, picture.Height * scale, picture.Channels);
        for (int y = 0; y < larger.Height; y++)
            for (int i = 0; i < larger.Stride; i++)
                larger.Row(y)[i] = picture.Row(y / scale)[i / picture.Channels / scale * picture.Channels + i % picture.Channels];
        return larger;
    }
}
