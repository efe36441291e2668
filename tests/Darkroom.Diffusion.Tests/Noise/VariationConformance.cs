using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Tensors;
using Darkroom.TestKit;

namespace Darkroom.Diffusion.Tests.Noise;

[Trait("Category", "Conformance")]
public sealed class VariationConformance
{
    private const string Group = "noise/variation", File = "variation_and_brownian.json";
    private const double Tolerance = 5e-6;

    public static IEnumerable<TheoryDataRow<int>> Blends => PackCases.Indices("noise", File, "slerp");
    public static IEnumerable<TheoryDataRow<int>> Resizes => PackCases.Indices("noise", File, "seed_resize");

    [Theory, MemberData(nameof(Blends))]
    public void Variation_turns_one_noise_towards_another(int index)
    {
        var pack = ConformancePack.Json("noise", File);
        var golden = pack.GetProperty("slerp")[index];
        int[] size = [.. pack.GetProperty("slerp_shape").EnumerateArray().Select(v => v.GetInt32())];
        var shape = new LatentShape(size[0], size[1], size[2]);
        using var measure = new Measure(Group, golden.GetProperty("tensor").GetString()!);
        float[] noise = Drawn(Draws.Seed(golden.GetProperty("seed")), shape), variation = Drawn(Draws.Seed(golden.GetProperty("subseed")), shape);
        VariationNoise.Blend(noise, variation, golden.GetProperty("strength").GetDouble(), shape);
        measure.Close("values", Tensor(golden.GetProperty("tensor").GetString()!), noise, Tolerance);
    }

    [Theory, MemberData(nameof(Resizes))]
    public void Seed_resize_lays_the_other_size_in_the_middle(int index)
    {
        var golden = ConformancePack.Json("noise", File).GetProperty("seed_resize")[index];
        int[] size = Draws.Shape(golden);
        var shape = new LatentShape(size[0], size[1], size[2]);
        var from = new LatentShape(size[0], golden.GetProperty("from_h").GetInt32() / 8, golden.GetProperty("from_w").GetInt32() / 8);
        ulong seed = Draws.Seed(golden.GetProperty("seed"));
        using var measure = new Measure(Group, golden.GetProperty("tensor").GetString()!);
        float[] noise = Drawn(seed, shape);
        SeedResize.Paste(noise, shape, Drawn(seed, from), from);
        measure.Close("values", Tensor(golden.GetProperty("tensor").GetString()!), noise, 0);
    }

    private static float[] Drawn(ulong seed, LatentShape shape)
    {
        var values = new float[shape.Length];
        new TorchCpuGenerator(seed).Normal(values);
        return values;
    }

    private static float[] Tensor(string name) => ConformancePack.Tensors("noise", "variation_and_brownian.safetensors")[name].Values;
}
