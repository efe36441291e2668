using Darkroom.Diffusion.Noise;

namespace Darkroom.Diffusion.Tests.Noise;

public sealed class PhiloxGeneratorTests
{
    [Fact]
    public void Restored_position_continues_with_the_same_values()
    {
        var generator = SeededNoise.Create(NoiseGenerator.TorchCuda, 1234567890123);
        float[] first = Draw(generator, 100);
        var restored = SeededNoise.Restore(generator.Position);
        float[] second = Draw(generator, 100);
        Assert.Equal(second, Draw(restored, 100));
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Both_halves_of_the_seed_count() =>
        Assert.NotEqual(Draw(new PhiloxGenerator(42), 8), Draw(new PhiloxGenerator(42 + (1UL << 32)), 8));

    [Fact]
    public void A_value_depends_on_its_place_and_not_on_the_count() =>
        Assert.Equal(Draw(new PhiloxGenerator(5), 100)[..30], Draw(new PhiloxGenerator(5), 30));

    [Fact]
    public void Values_are_unit_normal()
    {
        float[] values = Draw(new PhiloxGenerator(8), 100_000);
        Assert.Equal(0, values.Average(v => (double)v), 0.02);
        Assert.Equal(1, values.Average(v => (double)v * v), 0.02);
    }

    private static float[] Draw(INormalGenerator generator, int count)
    {
        var values = new float[count];
        generator.Normal(values);
        return values;
    }
}
