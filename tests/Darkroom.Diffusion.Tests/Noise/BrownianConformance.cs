using System.Text.Json;
using Darkroom.Diffusion.Noise;
using Darkroom.TestKit;

namespace Darkroom.Diffusion.Tests.Noise;

[Trait("Category", "Conformance")]
public sealed class BrownianConformance
{
    private const string File = "variation_and_brownian.json";
    private const double Tolerance = 2e-5;

    public static IEnumerable<TheoryDataRow<int>> Trees => PackCases.Indices("noise", File, "brownian");
    public static IEnumerable<TheoryDataRow<int>> Sequences => PackCases.Indices("noise", File, "seed_sequence");

    [Theory, MemberData(nameof(Trees))]
    public void Increments_are_those_of_the_tree(int index)
    {
        var golden = ConformancePack.Json("noise", File).GetProperty("brownian")[index];
        var tensor = ConformancePack.Tensors("noise", "variation_and_brownian.safetensors")[golden.GetProperty("tensor").GetString()!];
        using var measure = new Measure("noise/brownian", golden.GetProperty("name").GetString()!);
        // A list of seeds is one tree a picture, one seed is one tree over the whole batch.
        var given = golden.GetProperty("seed");
        ulong[] seeds = given.ValueKind == JsonValueKind.Array ? [.. given.EnumerateArray().Select(Draws.Seed)] : [Draws.Seed(given)];
        double min = golden.GetProperty("t0").GetDouble(), max = golden.GetProperty("t1").GetDouble();
        RowNoise[] rows = [.. seeds.Select(seed => new RowNoise(new TorchCpuGenerator(0), new BrownianPath(seed, min, max)))];

        var values = new float[Draws.Count(golden)];
        int each = values.Length / rows.Length, step = 0;
        foreach (var query in golden.GetProperty("queries").EnumerateArray())
        {
            for (int i = 0; i < rows.Length; i++)
                rows[i].Increment(query[0].GetDouble(), query[1].GetDouble(), values.AsSpan(i * each, each));
            measure.Close($"increment {step}", tensor[step], values, Tolerance);
            step++;
        }
        measure.Equal("increments", tensor.Shape[0], step);
    }

    [Theory, MemberData(nameof(Sequences))]
    public void Seed_sequences_are_numpys(int index)
    {
        var golden = ConformancePack.Json("noise", File).GetProperty("seed_sequence")[index];
        var entropy = UInt128.Parse(golden.GetProperty("entropy").GetString()!);
        ulong[] key = [.. golden.GetProperty("spawn_key").EnumerateArray().Select(Draws.Seed)];
        int pool = golden.GetProperty("pool_size").GetInt32();
        using var measure = new Measure("noise/seed_sequence", $"{entropy} [{string.Join(", ", key)}] {pool}");
        uint[] want = [.. golden.GetProperty("state").EnumerateArray().Select(v => v.GetUInt32())];
        var have = new uint[want.Length];
        SeedSequence.Generate(have, entropy, key, pool);
        measure.Equal("state", string.Join(' ', want), string.Join(' ', have));
    }
}
