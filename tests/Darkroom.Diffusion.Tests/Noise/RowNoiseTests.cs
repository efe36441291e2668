using System.Text.Json;
using Darkroom.Diffusion.Noise;

namespace Darkroom.Diffusion.Tests.Noise;

public sealed class RowNoiseTests
{
    private static readonly BrownianPath Path = new(42, 0.03, 14.6);

    [Theory]
    [InlineData(NoiseGenerator.TorchCpu, true), InlineData(NoiseGenerator.TorchCpu, false)]
    [InlineData(NoiseGenerator.TorchCuda, true), InlineData(NoiseGenerator.TorchCuda, false)]
    public void Restored_row_continues_with_identical_values(NoiseGenerator kind, bool brownian)
    {
        var row = new RowNoise(SeededNoise.Create(kind, 9007199254740991), brownian ? Path : null);
        foreach (int count in (int[])[256, 1, 40])
            row.Normal(new float[count]);
        row.Increment(14.6, 9.1, new float[256]);

        string stored = JsonSerializer.Serialize(row.Save());
        var restored = RowNoise.Restore(JsonSerializer.Deserialize<RowNoiseState>(stored)!);
        foreach (int count in (int[])[1, 256, 7, 40])
            Assert.Equal(Normal(row, count), Normal(restored, count));
        Assert.Equal(Increment(row, 9.1, 5.5), Increment(restored, 9.1, 5.5));
        Assert.Equal(Increment(row, 5.5, 0.03), Increment(restored, 5.5, 0.03));
        Assert.Equal(row.Save(), restored.Save());
    }

    [Fact]
    public void Brownian_increments_leave_the_generator_alone()
    {
        var row = new RowNoise(new TorchCpuGenerator(1), Path);
        var position = row.Save().Position;
        Increment(row, 5, 4);
        Assert.Equal(position, row.Save().Position);
    }

    [Fact]
    public void Without_a_path_an_increment_is_the_next_draw()
    {
        var row = new RowNoise(new TorchCpuGenerator(1));
        Assert.Equal(Normal(new RowNoise(new TorchCpuGenerator(1)), 256), Increment(row, 5, 4));
    }

    [Fact]
    public void Path_draws_from_the_rows_kind_of_generator() =>
        Assert.NotEqual(
            Increment(new RowNoise(new TorchCpuGenerator(1), Path), 5, 4),
            Increment(new RowNoise(new PhiloxGenerator(1), Path), 5, 4));

    private static float[] Normal(RowNoise row, int count)
    {
        var values = new float[count];
        row.Normal(values);
        return values;
    }

    private static float[] Increment(RowNoise row, double from, double to)
    {
        var values = new float[256];
        row.Increment(from, to, values);
        return values;
    }
}
