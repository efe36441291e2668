using Darkroom.Imaging.Tiles;

namespace Darkroom.Imaging.Tests.Tiles;

public sealed class TileTests
{
    public static IEnumerable<TheoryDataRow<int, int, int, int>> Cases() =>
        from size in new[] { (1, 1), (64, 64), (65, 200), (333, 17), (257, 255) }
        from tile in new[] { (16, 0), (16, 4), (64, 7), (33, 20), (21, 32), (256, 32), (1000, 16) }
        select new TheoryDataRow<int, int, int, int>(size.Item1, size.Item2, tile.Item1, tile.Item2);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Unchanged_tiles_give_the_picture_back_bit_for_bit(int width, int height, int tile, int overlap)
    {
        foreach (var (scale, channels) in new[] { (1, 3), (2, 1), (3, 4) })
        {
            var picture = TestPictures.Slopes(width, height, channels);
            var plan = TilePlan.Make(width, height, tile, overlap);
            var blender = new TileBlender(plan, scale, channels);
            for (int i = 0; i < plan.Tiles.Count; i++) blender.Add(i, Enlarge(picture.Crop(plan.Tiles[i].Window), scale));
            Assert.Equal(Repeat(picture, scale).Pixels, blender.Finish().Pixels);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Cores_cover_the_picture_once_and_windows_have_one_shape(int width, int height, int tile, int overlap)
    {
        var plan = TilePlan.Make(width, height, tile, overlap);
        Assert.Equal((long)width * height, plan.Tiles.Sum(part => part.Core.Area));
        Assert.Single(plan.Tiles.Select(part => (part.Window.Width, part.Window.Height)).Distinct());
        foreach (var part in plan.Tiles)
        {
            Assert.InRange(Math.Max(part.Core.Width, part.Core.Height), 1, tile);
            Assert.True(new PixelRect(0, 0, width, height).Contains(part.Window));
            var context = new PixelRect(part.Core.X - overlap, part.Core.Y - overlap, part.Core.Width + 2 * overlap, part.Core.Height + 2 * overlap).Intersect(new PixelRect(0, 0, width, height));
            Assert.True(part.Window.Contains(context));
        }
    }

    [Fact]
    public void Seam_fades_in_a_line_and_the_outer_half_of_the_context_is_not_seen()
    {
        var plan = TilePlan.Make(64, 4, 32, 8);
        Assert.Equal(4, plan.Fade);
        var blender = new TileBlender(plan, 1, 1);
        for (int i = 0; i < 2; i++)
        {
            float[] level = new float[plan.Tiles[i].Window.Area];
            Array.Fill(level, i);
            blender.Add(i, level);
        }
        byte[] row = blender.Finish().Row(0).ToArray();
        Assert.All(row[..28], value => Assert.Equal(0, value));
        Assert.All(row[36..], value => Assert.Equal(255, value));
        Assert.Equal([16, 48, 80, 112, 143, 175, 207, 239], row[28..36]);
    }

    [Fact]
    public void Tiles_of_a_row_come_in_any_order_and_none_twice()
    {
        var plan = TilePlan.Make(64, 64, 32, 8);
        var blender = new TileBlender(plan, 1, 1);
        float[] tile = new float[plan.Tiles[0].Window.Area];
        blender.Add(1, tile);
        Assert.Throws<InvalidOperationException>(() => blender.Add(1, tile));
        Assert.Throws<InvalidOperationException>(() => blender.Add(2, tile));
        Assert.Throws<InvalidOperationException>(blender.Finish);
        blender.Add(0, tile);
        blender.Add(3, tile);
        blender.Add(2, tile);
        Assert.True(blender.IsComplete);
        Assert.Throws<ArgumentException>(() => new TileBlender(plan, 2, 1).Add(0, tile));
    }

    [Fact]
    public void Values_beyond_the_range_are_cut()
    {
        var blender = new TileBlender(TilePlan.Make(2, 1, 8, 0), 1, 1);
        blender.Add(0, [-0.4f, 1.4f]);
        Assert.Equal([0, 255], blender.Finish().Pixels);
    }

    [Fact]
    public void Memory_is_the_picture_and_one_row_of_tiles()
    {
        var plan = TilePlan.Make(256, 4096, 128, 16);
        float[] tile = new float[3 * plan.Tiles[0].Window.Area];
        long before = GC.GetAllocatedBytesForCurrentThread();
        var blender = new TileBlender(plan, 1, 3);
        for (int i = 0; i < plan.Tiles.Count; i++) blender.Add(i, tile);
        blender.Finish();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 * 4096 * 3 + 160 * 256 * 3 * sizeof(float) + 100_000);
    }

    private static float[] Enlarge(Picture part, int scale)
    {
        var large = Repeat(part, scale);
        int plane = large.Width * large.Height;
        float[] chw = new float[plane * part.Channels];
        for (int i = 0; i < large.Pixels.Length; i++) chw[i % part.Channels * plane + i / part.Channels] = large.Pixels[i] / 255f;
        return chw;
    }

    private static Picture Repeat(Picture picture, int scale) =>
        Darkroom.Imaging.Resize.Resampler.Resize(picture, picture.Width * scale, picture.Height * scale, Darkroom.Imaging.Resize.ResampleFilter.Nearest);
}
