using System.Runtime.InteropServices;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Networks;

namespace Darkroom.Models.Tests.Sessions;

/// <summary>Weights that become whole numbers as they are read.</summary>
public sealed class QuantisedWeightTests
{
    [Theory]
    [InlineData(3, 5)]
    [InlineData(64, 33)]
    [InlineData(129, 97)]
    [InlineData(700, 1700)]
    public void Columns_are_within_half_a_level_of_the_file(int rows, int columns)
    {
        float[] values = Drawn(rows * columns);
        Array.Clear(values, columns, columns); // a row of zeros
        var (levels, scales) = Read([rows, columns], values, QuantisedForm.Columns(isUnsigned: false), turned: false);
        Check(rows, columns, values, levels, scales, (row, column) => column * rows + row);

        // Unsigned, each is 128 more.
        var (bytes, same) = Read([rows, columns], values, QuantisedForm.Columns(isUnsigned: true), turned: false);
        Assert.Equal(scales, same);
        Assert.Equal(levels.Select(level => (sbyte)level + 128), bytes.Select(level => (int)level));
    }

    [Fact]
    public void A_matrix_that_lies_the_other_way_round_gives_the_same()
    {
        const int Rows = 70, Columns = 51;
        float[] values = Drawn(Rows * Columns), turned = new float[values.Length];
        for (int row = 0; row < Rows; row++)
            for (int column = 0; column < Columns; column++) turned[column * Rows + row] = values[row * Columns + column];
        foreach (var form in (QuantisedForm[])[QuantisedForm.Columns(isUnsigned: false), QuantisedForm.Blocks(8, 32)])
        {
            var plain = Read([Rows, Columns], values, form, turned: false);
            var other = Read([Columns, Rows], turned, form, turned: true);
            Assert.Equal(plain.Levels, other.Levels);
            Assert.Equal(plain.Scales, other.Scales);
        }
    }

    [Fact]
    public void Channels_of_one_place_of_a_kernel_lie_together()
    {
        const int Outputs = 3, Channels = 5, Kernel = 9;
        float[] values = Drawn(Outputs * Channels * Kernel);
        var (levels, scales) = Read([Outputs, Channels, 3, 3], values, QuantisedForm.Columns(isUnsigned: false), turned: false);
        Check(Outputs, Channels * Kernel, values, levels, scales, (output, at) => (at % Kernel * Channels + at / Kernel) * Outputs + output);
    }

    [Theory]
    [InlineData(8, 32, 64)]
    [InlineData(8, 128, 200)] // an end that fills no block
    [InlineData(4, 32, 97)]
    public void Blocks_are_within_half_a_level_and_end_in_zeros(int bits, int block, int columns)
    {
        const int Rows = 9;
        float[] values = Drawn(Rows * columns);
        var form = QuantisedForm.Blocks(bits, block);
        var (levels, scales) = Read([Rows, columns], values, form, turned: false);
        int blocks = (int)form.BlocksOf(columns), size = block * bits / 8, zero = 1 << (bits - 1);
        for (int row = 0; row < Rows; row++)
            for (int at = 0; at < blocks * block; at++)
            {
                byte stored = levels[(row * blocks + at / block) * size + at % block * bits / 8];
                int level = (bits == 8 ? stored : at % 2 == 0 ? stored & 15 : stored >> 4) - zero;
                float scale = scales[row * blocks + at / block];
                Assert.InRange(level, -form.MaxLevel, form.MaxLevel);
                if (at >= columns) Assert.Equal(0, level);
                else Assert.InRange(Math.Abs(level * scale - values[row * columns + at]), 0, 0.5001f * scale);
            }
    }

    [Fact]
    public void Values_too_small_for_a_scale_are_zero()
    {
        float[] values = [.. Enumerable.Repeat(1e-44f, 40), .. Enumerable.Repeat(-3e-38f, 40)];
        var (levels, scales) = Read([2, 40], values, QuantisedForm.Columns(isUnsigned: false), turned: false);
        Assert.All(levels, level => Assert.Equal(0, level));
        Assert.Equal([1, 1], scales);
    }

    [Fact]
    public void The_largest_values_there_are_keep_their_sign_and_size()
    {
        var (levels, scales) = Read([1, 3], [float.MaxValue, -float.MaxValue, 0], QuantisedForm.Columns(isUnsigned: false), turned: false);
        Assert.Equal([127, -127, 0], levels.Select(level => (int)(sbyte)level));
        Assert.Equal(float.MaxValue / 127, scales[0]);
    }

    [Fact]
    public void A_value_that_is_no_number_is_refused_by_name()
    {
        var error = Assert.Throws<GraphException>(() => Read([1, 2], [1, float.NaN], QuantisedForm.Columns(isUnsigned: false), turned: false));
        Assert.Contains("weight 'w' has values that are not finite", error.Message, StringComparison.Ordinal);
    }

    private static void Check(int rows, int columns, float[] values, byte[] levels, float[] scales, Func<int, int, int> place)
    {
        const int Most = 127;
        for (int row = 0; row < rows; row++)
        {
            float largest = values.AsSpan(row * columns, columns).ToArray().Max(Math.Abs);
            Assert.Equal(largest == 0 ? 1 : largest / Most, scales[row]);
            for (int column = 0; column < columns; column++)
            {
                sbyte level = (sbyte)levels[place(row, column)];
                Assert.InRange(level, -Most, Most);
                Assert.InRange(Math.Abs(level * scales[row] - values[row * columns + column]), 0, 0.5001f * scales[row]);
            }
        }
    }

    private static unsafe (byte[] Levels, float[] Scales) Read(int[] shape, float[] values, QuantisedForm form, bool turned)
    {
        using var file = new WeightsFile().Add("w", shape, values);
        var tensor = file.Read().Tensors["w"];
        using var memory = WeightMemory.Read("part", [new(turned ? tensor.Transpose() : tensor, form.Element, "w") { Form = form }], 2);
        Assert.Equal(["w", "w.scale"], memory.Places.Select(place => place.Name));
        var (whole, scale) = (memory.Places[0], memory.Places[1]);
        return (new ReadOnlySpan<byte>((void*)whole.Address, (int)whole.Bytes).ToArray(),
            MemoryMarshal.Cast<byte, float>(new ReadOnlySpan<byte>((void*)scale.Address, (int)scale.Bytes)).ToArray());
    }

    private static float[] Drawn(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5) * (1 + random.Next(4)))];
    }
}
