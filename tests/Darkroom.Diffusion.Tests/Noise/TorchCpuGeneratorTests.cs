using Darkroom.Diffusion.Noise;

namespace Darkroom.Diffusion.Tests.Noise;

public sealed class TorchCpuGeneratorTests
{
    [Theory]
    [InlineData(1), InlineData(2), InlineData(15), InlineData(16), InlineData(17), InlineData(31), InlineData(623), InlineData(624), InlineData(1248),
        InlineData(16384)]
    public void Restored_position_continues_with_the_same_values(int count)
    {
        var generator = new TorchCpuGenerator(42);
        for (int draw = 0; draw < 3; draw++)
        {
            generator.Normal(new float[count]);
            var restored = SeededNoise.Restore(generator.Position);
            Assert.Equal(generator.Position, restored.Position);
            float[] expected = Draw(generator, count), actual = Draw(restored, count);
            Assert.Equal(expected, actual);
            Assert.Equal(Draw(generator, 3), Draw(restored, 3));
        }
    }

    [Fact]
    public void Spare_value_survives_a_long_draw()
    {
        var pair = Draw(new TorchCpuGenerator(7), 2);
        var generator = new TorchCpuGenerator(7);
        Assert.Equal(pair[..1], Draw(generator, 1));
        float[] between = Draw(generator, 64);
        Assert.NotEqual(pair[1], between[0]);
        Assert.NotNull(generator.Position.Spare);
        Assert.Equal(pair[1..], Draw(generator, 1));
        Assert.Null(generator.Position.Spare);
    }

    [Fact]
    public void Vector_and_scalar_transforms_give_the_same_bits()
    {
        var uniforms = new float[1 << 16];
        new TorchCpuGenerator(3).Uniform(uniforms);
        (uniforms[0], uniforms[1], uniforms[8], uniforms[9]) = (0, 1 - 1f / (1 << 24), 0, 1 - 1f / (1 << 24));      // the ends of [0, 1)
        float[] vector = [.. uniforms], scalar = [.. uniforms];
        BoxMullerBlocks.TransformVector(vector);
        BoxMullerBlocks.TransformScalar(scalar);
        Assert.Equal(Array.ConvertAll(scalar, BitConverter.SingleToUInt32Bits), Array.ConvertAll(vector, BitConverter.SingleToUInt32Bits));
        Assert.DoesNotContain(vector, v => !float.IsFinite(v));
    }

    [Fact]
    public void Only_the_low_half_of_the_seed_counts()
    {
        Assert.Equal(Draw(new TorchCpuGenerator(42), 20), Draw(new TorchCpuGenerator(42 + (1UL << 32)), 20));
        Assert.Equal(Draw(new TorchCpuGenerator(uint.MaxValue), 20), Draw(new TorchCpuGenerator(unchecked((ulong)-1L)), 20));
    }

    [Fact]
    public void Ragged_end_is_drawn_anew()
    {
        float[] whole = Draw(new TorchCpuGenerator(5), 48), ragged = Draw(new TorchCpuGenerator(5), 40);
        Assert.Equal(whole[..24], ragged[..24]);
        Assert.NotEqual(whole[24..32], ragged[24..32]);
    }

    [Fact]
    public void Reseeding_forgets_the_spare()
    {
        var generator = new TorchCpuGenerator(1);
        generator.Normal(new float[1]);
        generator.Reseed(9);
        Assert.Equal(Draw(new TorchCpuGenerator(9), 5), Draw(generator, 5));
    }

    [Fact]
    public void A_draw_allocates_nothing()
    {
        var generator = new TorchCpuGenerator(1);
        var values = new float[4 * 64 * 64 + 3];
        generator.Normal(values);
        long before = GC.GetAllocatedBytesForCurrentThread();
        generator.Normal(values);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Empty_range_of_integers_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TorchCpuGenerator(0).Integers(3, 3, new long[1]));

    private static float[] Draw(INormalGenerator generator, int count)
    {
        var values = new float[count];
        generator.Normal(values);
        return values;
    }
}
