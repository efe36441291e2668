using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Tensors;
using Darkroom.TestKit;

namespace Darkroom.Diffusion.Tests.Noise;

/// <summary>The first noise of a row: the pack's variations and resized seeds through the row's own source, and what is drawn after it.</summary>
public sealed class StartingNoiseTests
{
    private const string File = "variation_and_brownian.json";

    public static IEnumerable<TheoryDataRow<int>> Blends => PackCases.Indices("noise", File, "slerp");
    public static IEnumerable<TheoryDataRow<int>> Resizes => PackCases.Indices("noise", File, "seed_resize");

    [Theory, MemberData(nameof(Blends))]
    public void Variation_is_the_goldens(int index)
    {
        var pack = ConformancePack.Json("noise", File);
        var golden = pack.GetProperty("slerp")[index];
        int[] size = [.. pack.GetProperty("slerp_shape").EnumerateArray().Select(v => v.GetInt32())];
        AssertFirst(golden.GetProperty("tensor").GetString()!, new(size[0], size[1], size[2]), 5e-6, new StartingNoise
        {
            Seed = new(NoiseGenerator.TorchCpu, Draws.Seed(golden.GetProperty("seed"))),
            Variation = new(Draws.Seed(golden.GetProperty("subseed")), golden.GetProperty("strength").GetDouble()),
        });
    }

    [Theory, MemberData(nameof(Resizes))]
    public void Resized_seed_is_the_goldens(int index)
    {
        var golden = ConformancePack.Json("noise", File).GetProperty("seed_resize")[index];
        int[] size = Draws.Shape(golden);
        AssertFirst(golden.GetProperty("tensor").GetString()!, new(size[0], size[1], size[2]), 0, new StartingNoise
        {
            Seed = new(NoiseGenerator.TorchCpu, Draws.Seed(golden.GetProperty("seed"))),
            ResizedFrom = new(size[0], golden.GetProperty("from_h").GetInt32() / 8, golden.GetProperty("from_w").GetInt32() / 8),
        });
    }

    [Fact]
    public void Later_noise_goes_on_in_the_stream_or_begins_another()
    {
        float[] first = new float[64], second = new float[64], later = new float[64];
        var stream = new PhiloxGenerator(42);
        stream.Normal(first);
        stream.Normal(second);
        new PhiloxGenerator(42 + 31337).Normal(later);
        var shape = new LatentShape(1, 8, 8);
        var position = new NoisePosition(NoiseGenerator.TorchCuda, 42);

        var varied = new RowNoise(SeededNoise.Restore(position), null, new() { Seed = position, Variation = new(7, 0.5) });
        var offset = new RowNoise(SeededNoise.Restore(position), null, new() { Seed = position, Later = new(NoiseGenerator.TorchCuda, 42 + 31337) });
        var draw = new float[64];
        varied.First(draw, shape);
        Assert.NotEqual(first, draw);
        varied.Normal(draw);
        Assert.Equal(second, draw); // turning the first noise takes nothing from the stream
        offset = RowNoise.Restore(offset.Save());
        offset.First(draw, shape);
        Assert.Equal(first, draw);
        offset = RowNoise.Restore(offset.Save());
        offset.Normal(draw);
        Assert.Equal(later, draw);
    }

    private static void AssertFirst(string tensor, LatentShape shape, double tolerance, StartingNoise starting)
    {
        using var measure = new Measure("noise/starting", tensor);
        var row = new RowNoise(SeededNoise.Restore(starting.Seed), null, starting);
        var noise = new float[shape.Length];
        row.First(noise, shape);
        measure.Close("values", ConformancePack.Tensors("noise", "variation_and_brownian.safetensors")[tensor].Values, noise, tolerance);
    }
}
