using Darkroom.Imaging.Canvas;

namespace Darkroom.Imaging.Tests.Canvas;

public sealed class OutpaintTests
{
    public static IEnumerable<TheoryDataRow<int, int, CanvasExtension, int, int>> Cases() =>
        from size in new[] { (64, 64), (70, 100), (1, 1), (300, 40), (513, 777) }
        from extension in new CanvasExtension[]
            { new(0, 1, 0, 0), new(17, 0, 0, 0), new(32, 32, 32, 32), new(0, 0, 0, 500), new(200, 0, 0, 333), new(400, 500, 300, 200) }
        from model in new[] { (64, 8), (128, 64), (100, 16), (1024, 8) }
        select new TheoryDataRow<int, int, CanvasExtension, int, int>(size.Item1, size.Item2, extension, model.Item1, model.Item2);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Everything_new_is_painted_once_and_each_pass_sees_enough_of_what_stands(int width, int height, CanvasExtension extension, int maxSize, int step)
    {
        var plan = OutpaintPlan.Make(width, height, extension, maxSize, step, feather: 32);
        Assert.Equal((width + extension.Left + extension.Right, height + extension.Up + extension.Down), (plan.Width, plan.Height));
        var stands = new bool[plan.WorkHeight, plan.WorkWidth];
        Mark(stands, plan.Picture);
        int marked = width * height;
        foreach (var pass in plan.Passes)
        {
            Assert.True(new PixelRect(0, 0, plan.WorkWidth, plan.WorkHeight).Contains(pass.Window));
            Assert.True(pass.Window.Width % step == 0 && pass.Window.Height % step == 0 && Math.Max(pass.Window.Width, pass.Window.Height) <= maxSize);
            long known = 0, seen = pass.Window.Intersect(new PixelRect(0, 0, plan.Width, plan.Height)).Area;
            for (int y = pass.Window.Y; y < pass.Window.Bottom; y++)
                for (int x = pass.Window.X; x < pass.Window.Right; x++)
                    known += stands[y, x] ? 1 : 0;
            Assert.True(pass.Window.Contains(plan.Picture) || known >= seen / 5, $"{pass.Window} sees {known} of {seen} pixels");
            foreach (var part in pass.Fresh)
            {
                Assert.True(pass.Window.Contains(part));
                marked += Mark(stands, part);
            }
        }
        Assert.Equal(plan.Width * plan.Height, marked);
    }

    private static int Mark(bool[,] stands, PixelRect part)
    {
        for (int y = part.Y; y < part.Bottom; y++)
            for (int x = part.X; x < part.Right; x++)
            {
                if (stands[y, x]) Assert.Fail($"{x}, {y} is painted twice");
                stands[y, x] = true;
            }
        return (int)part.Area;
    }

    [Fact]
    public void Windows_are_counted_without_a_plan_and_never_too_few()
    {
        foreach (var (width, height, extension, maxSize, step) in Cases().Select(row => row.Data))
        {
            int counted = OutpaintGrid.Of(width, height, extension, maxSize, step).Count;
            Assert.InRange(OutpaintPlan.Make(width, height, extension, maxSize, step, feather: 32).Passes.Count, 1, counted);
        }
        Assert.Equal(1, OutpaintGrid.Of(64, 64, new CanvasExtension(0, 32, 0, 0), 96, 16).Count);
        Assert.Equal(288, OutpaintGrid.Of(512, 512, new CanvasExtension(2000, 2000, 2000, 2000), 512, 8).Count);
        Assert.Equal(42, OutpaintGrid.Of(64, 64, new CanvasExtension(0, 2000, 0, 0), 96, 16).Count);
        Assert.InRange(OutpaintGrid.Of(64, 64, new CanvasExtension(2000, 2000, 2000, 2000), 64, 8).Count, 10_000, 20_000);
    }

    [Fact]
    public void Windows_grow_outward_from_the_picture()
    {
        var plan = OutpaintPlan.Make(64, 64, new CanvasExtension(96, 96, 0, 0), 96, 16, 8);
        Assert.Equal([80, 32, 128, 0, 160], plan.Passes.Select(pass => pass.Window.X));
    }

    [Fact]
    public void A_later_window_takes_back_a_strip_of_what_was_painted_and_nothing_of_the_picture_but_the_feather()
    {
        var plan = OutpaintPlan.Make(64, 64, new CanvasExtension(0, 200, 0, 0), 96, 16, 8);
        var second = plan.Passes[1];
        var free = OutpaintMask.Of(second, plan);
        var laid = OutpaintMask.Overlay(free, second, plan);
        int edge = second.Fresh[0].X - second.Window.X;
        Assert.True(plan.Retaken is >= 16 and < 48 && edge >= 40);
        ReadOnlySpan<byte> row = free.Row(30), over = laid.Row(30);
        Assert.True(row[edge..].IndexOfAnyExcept(byte.MaxValue) < 0 && row[..(edge - plan.Retaken)].IndexOfAnyExcept((byte)0) < 0);
        for (int x = edge - plan.Retaken; x < edge; x++)
        {
            Assert.True(row[x] > row[x - 1]);
            Assert.Equal(Math.Min(255, 2 * row[x]), over[x]);
        }
        // Where the window reaches into the picture, its mask does not, beyond the feather.
        foreach (var pass in plan.Passes)
        {
            var mask = OutpaintMask.Overlay(OutpaintMask.Of(pass, plan), pass, plan);
            for (int x = pass.Window.X; x < 56; x++) Assert.Equal(0, mask.Row(30)[x - pass.Window.X]);
        }
    }

    [Fact]
    public void One_pass_is_enough_where_the_canvas_fits()
    {
        var plan = OutpaintPlan.Make(64, 64, new CanvasExtension(0, 32, 0, 0), 128, 8, 16);
        var pass = Assert.Single(plan.Passes);
        Assert.Equal((new PixelRect(0, 0, 96, 64), new PixelRect(64, 0, 32, 64)), (pass.Window, Assert.Single(pass.Fresh)));
    }

    [Fact]
    public void Mask_is_white_where_it_paints_and_fades_over_the_feather_alone()
    {
        var plan = OutpaintPlan.Make(64, 64, new CanvasExtension(0, 32, 0, 0), 128, 8, 16);
        var mask = OutpaintMask.Of(plan.Passes[0], plan);
        Assert.Equal(mask.Pixels, OutpaintMask.Overlay(mask, plan.Passes[0], plan).Pixels);
        ReadOnlySpan<byte> row = mask.Row(10);
        Assert.True(row[64..].IndexOfAnyExcept(byte.MaxValue) < 0);
        Assert.True(row[..48].IndexOfAnyExcept((byte)0) < 0);
        for (int x = 48; x < 64; x++) Assert.InRange(row[x] - row[x - 1], 14, 16);
        Assert.True(OutpaintMask.Of(plan.Passes[0], plan with { Feather = 0 }).Row(10)[..64].IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void Edge_is_drawn_out_and_the_picture_stands()
    {
        var picture = new Picture(2, 2, 3, [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]);
        var plan = OutpaintPlan.Make(2, 2, new CanvasExtension(1, 0, 0, 1), 8, 1, 0);
        Assert.Equal([1, 1, 2, 3, 3, 4, 3, 3, 4], OutpaintCanvas.Extend(picture, plan, CanvasFill.Edge).Pixels.Chunk(3).Select(pixel => pixel[0]));
        plan = OutpaintPlan.Make(2, 2, new CanvasExtension(0, 1, 1, 0), 8, 8, 0);
        Assert.Equal((8, 8), (plan.WorkWidth, plan.WorkHeight));
        Assert.Equal(4, OutpaintCanvas.Extend(picture, plan, CanvasFill.Edge).Pixels[^1]);
    }

    [Fact]
    public void Noise_has_the_pictures_mean_and_spread()
    {
        var picture = TestPictures.Slopes(64, 64, 3);
        var plan = OutpaintPlan.Make(64, 64, new CanvasExtension(0, 192, 0, 0), 512, 8, 0);
        var random = new Random(3);
        float[] noise = [.. Enumerable.Range(0, 3 * 256 * 64)
            .Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
        var canvas = OutpaintCanvas.Extend(picture, plan, CanvasFill.Noise, noise);
        Assert.Equal(picture.Pixels, canvas.Crop(plan.Picture).Pixels);
        Assert.InRange(canvas.Crop(new PixelRect(64, 0, 192, 64)).Pixels.Average(value => value) - picture.Pixels.Average(value => value), -3, 3);
        Assert.Throws<ArgumentException>(() => OutpaintCanvas.Extend(picture, plan, CanvasFill.Noise));
    }
}
