using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Tests.Noise;

public sealed class VariationNoiseTests
{
    [Fact]
    public void Half_way_between_right_angles_keeps_the_length()
    {
        var shape = new LatentShape(1, 2, 1);
        float[] noise = [1, 0];
        VariationNoise.Blend(noise, [0, 1], 0.5, shape);
        Assert.Equal(Math.Sqrt(0.5), noise[0], 1e-6);
        Assert.Equal(Math.Sqrt(0.5), noise[1], 1e-6);
    }

    [Fact]
    public void Columns_on_one_line_are_mixed_straight()
    {
        var shape = new LatentShape(1, 1, 3);
        float[] noise = [1, -2, 0];
        VariationNoise.Blend(noise, [3, 2, 1], 0.25, shape);
        Assert.Equal([1.5f, -1, 0.25f], noise);
    }

    [Fact]
    public void Other_shape_is_refused() =>
        Assert.Throws<ArgumentException>(() => VariationNoise.Blend(new float[4], new float[4], 0.5, new LatentShape(1, 2, 3)));

    [Fact]
    public void Seed_resize_rounds_odd_differences_down()
    {
        float[] wider = new float[6];
        SeedResize.Paste(wider, new LatentShape(1, 1, 6), [1, 2, 3], new LatentShape(1, 1, 3));
        Assert.Equal([0, 1, 2, 3, 0, 0], wider);

        float[] narrower = new float[3];
        SeedResize.Paste(narrower, new LatentShape(1, 1, 3), [1, 2, 3, 4, 5, 6], new LatentShape(1, 1, 6));
        Assert.Equal([3, 4, 0], narrower);
    }

    [Fact]
    public void Seed_resize_keeps_channels_and_lines_apart()
    {
        float[] noise = new float[2 * 3 * 2];
        SeedResize.Paste(noise, new LatentShape(2, 3, 2), [1, 2, 3, 4, 5, 6, 7, 8], new LatentShape(2, 1, 4));
        Assert.Equal([0, 0, 2, 3, 0, 0, 0, 0, 6, 7, 0, 0], noise);
    }
}
