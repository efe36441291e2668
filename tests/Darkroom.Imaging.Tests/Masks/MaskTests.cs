using Darkroom.Imaging.Masks;

namespace Darkroom.Imaging.Tests.Masks;

public sealed class MaskTests
{
    [Fact]
    public void White_black_and_transparent_parts_are_read()
    {
        var picture = new Picture(4, 1, 4, [255, 255, 255, 255, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0, 0]);
        Assert.Equal([255, 0, 0, 0], MaskReader.From(picture, MaskMode.White).Pixels);
        Assert.Equal([0, 255, 0, 0], MaskReader.From(picture, MaskMode.Black).Pixels);
        Assert.Equal([0, 0, 255, 255], MaskReader.From(picture, MaskMode.Alpha).Pixels);
        Assert.Equal([0, 0], MaskReader.From(new Picture(2, 1, 1, [255, 0]), MaskMode.Alpha).Pixels);
        Assert.Equal([54, 255], MaskReader.From(new Picture(2, 1, 3, [0, 0, 0, 255, 255, 255]) with { Pixels = [0, 92, 0, 255, 255, 255] },
            MaskMode.White).Pixels);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(40)]
    [InlineData(256)]
    public void Growth_is_the_largest_value_of_a_square(int pixels)
    {
        var mask = Sparse(61, 43);
        var grown = MaskGrowth.Run(mask, pixels);
        for (int y = 0; y < 43; y++)
            for (int x = 0; x < 61; x++)
            {
                int largest = 0;
                for (int v = Math.Max(0, y - pixels); v <= Math.Min(42, y + pixels); v++)
                    for (int u = Math.Max(0, x - pixels); u <= Math.Min(60, x + pixels); u++)
                        largest = Math.Max(largest, mask.Pixels[v * 61 + u]);
                Assert.Equal(largest, grown.Pixels[y * 61 + x]);
            }
    }

    [Fact]
    public void One_pixel_grows_and_blurs_into_a_spot_and_stays_within_its_reach()
    {
        var mask = Picture.Blank(64, 64, 1);
        mask.Pixels[32 * 64 + 32] = 255;
        Assert.Equal(new PixelRect(32, 32, 1, 1), MaskArithmetic.BoundsOf(mask));
        Assert.Equal(new PixelRect(28, 28, 9, 9), MaskArithmetic.BoundsOf(MaskGrowth.Run(mask, 4)));
        var soft = GaussianBlur.Run(MaskGrowth.Run(mask, 4), 4);
        Assert.False(MaskArithmetic.IsEmpty(MaskArithmetic.Binarize(soft)));
        Assert.True(new PixelRect(8, 8, 49, 49).Contains(MaskArithmetic.BoundsOf(soft)));
        Assert.Equal(new PixelRect(0, 0, 64, 64), CropRegion.Of(mask, 512, 512, 64));
        Assert.Equal(new PixelRect(24, 24, 17, 17), CropRegion.Of(mask, 512, 512, 8));
    }

    [Fact]
    public void Empty_mask_keeps_and_full_mask_replaces_everything()
    {
        Picture original = TestPictures.Slopes(40, 30, 3, seed: 1), painted = TestPictures.Slopes(40, 30, 3, seed: 2);
        Picture empty = Picture.Blank(40, 30, 1), full = MaskArithmetic.Invert(empty);
        Assert.Equal(original.Pixels, Overlay.Apply(empty, original, painted).Pixels);
        Assert.Equal(painted.Pixels, Overlay.Apply(full, original, painted).Pixels);
        Assert.True(MaskArithmetic.IsEmpty(empty) && !MaskArithmetic.IsEmpty(full));
        Assert.True(MaskArithmetic.BoundsOf(empty).IsEmpty);
        Assert.Equal(empty.Bounds, CropRegion.Of(empty, 64, 64, 8));
        Assert.Equal(full.Pixels, GaussianBlur.Run(full, 8).Pixels);
        Assert.Equal(full.Pixels, MaskGrowth.Run(full, 9).Pixels);
    }

    [Fact]
    public void Pixels_outside_the_blurred_mask_come_back_bit_equal()
    {
        Picture original = TestPictures.Slopes(96, 64, 3, seed: 1), painted = TestPictures.Slopes(96, 64, 3, seed: 9);
        var mask = Picture.Blank(96, 64, 1);
        mask.Paste(TestPictures.Plain(20, 20, 255), 40, 20);
        mask = GaussianBlur.Run(MaskGrowth.Run(mask, 3), 6);
        var result = Overlay.Apply(mask, original, painted);
        int kept = 0;
        for (int i = 0; i < mask.Pixels.Length; i++)
        {
            if (mask.Pixels[i] != 0) continue;
            kept++;
            Assert.Equal(original.Pixels[(3 * i)..(3 * i + 3)], result.Pixels[(3 * i)..(3 * i + 3)]);
        }
        Assert.InRange(kept, 1000, 96 * 64 - 1000);
    }

    [Fact]
    public void Half_is_repainted_and_less_is_not()
    {
        var mask = new Picture(4, 1, 1, [0, 127, 128, 255]);
        Assert.Equal([0, 0, 255, 255], MaskArithmetic.Binarize(mask).Pixels);
        Assert.Equal([0f, 0f, 1f, 1f], MaskArithmetic.ToLatents(mask, 4, 1));
        Assert.Equal([0f, 1f], MaskArithmetic.ToLatents(mask, 2, 1));
        Assert.Equal([0f, 1f, 1f],
            MaskArithmetic.ToLatents(new Picture(8, 8, 1, [.. Enumerable.Range(0, 64).Select(i => (byte)(i % 8 >= 2 ? 255 : 0))]), 3, 1));
    }

    [Fact]
    public void Blur_fill_takes_the_colours_around()
    {
        var picture = Picture.Blank(96, 64, 3);
        picture.Paste(TestPictures.Plain(48, 64, 250, 10, 10), 0, 0);
        picture.Paste(TestPictures.Plain(48, 64, 10, 10, 250), 48, 0);
        picture.Paste(TestPictures.Plain(64, 32, 0, 255, 0), 16, 16);
        var mask = Picture.Blank(96, 64, 1);
        mask.Paste(TestPictures.Plain(64, 32, 255), 16, 16);
        var filled = SurroundingFill.Run(picture, mask);
        for (int i = 0; i < mask.Pixels.Length; i++)
        {
            if (mask.Pixels[i] == 0) Assert.Equal(picture.Pixels[(3 * i)..(3 * i + 3)], filled.Pixels[(3 * i)..(3 * i + 3)]);
            else Assert.InRange(filled.Pixels[3 * i + 1], 8, 12); // nothing of the green is left
        }
        Assert.True(filled.Pixels[(32 * 96 + 18) * 3] > 200 && filled.Pixels[(32 * 96 + 77) * 3 + 2] > 200);
        Assert.All(SurroundingFill.Run(picture, MaskArithmetic.Invert(Picture.Blank(96, 64, 1))).Pixels, value => Assert.Equal(127, value));
        Assert.Equal(picture.Pixels, SurroundingFill.Run(picture, Picture.Blank(96, 64, 1)).Pixels);
    }

    [Fact]
    public void Cropped_work_is_pasted_back_in_its_place()
    {
        var picture = TestPictures.Slopes(96, 64, 3);
        var part = new PixelRect(10, 20, 32, 16);
        var whole = Overlay.Paste(picture, TestPictures.Plain(64, 32, 1, 2, 3), part);
        Assert.Equal(TestPictures.Plain(32, 16, 1, 2, 3).Pixels, whole.Crop(part).Pixels);
        Assert.Equal(picture.Crop(new PixelRect(0, 0, 96, 20)).Pixels, whole.Crop(new PixelRect(0, 0, 96, 20)).Pixels);
        Assert.NotEqual(1, picture.Pixels[(20 * 96 + 10) * 3]);
    }

    private static Picture Sparse(int width, int height)
    {
        var random = new Random(4);
        return new Picture(width, height, 1, [.. Enumerable.Range(0, width * height).Select(_ => random.Next(40) == 0 ? (byte)random.Next(256) : (byte)0)]);
    }
}
