using System.Globalization;
using Darkroom.Diffusion.Noise;
using Darkroom.TestKit;

namespace Darkroom.Diffusion.Tests.Noise;

[Trait("Category", "Conformance")]
public sealed class PhiloxConformance
{
    private const string Group = "noise/philox", File = "philox.json";
    private const double Tolerance = 2e-6;

    public static IEnumerable<TheoryDataRow<int>> KnownAnswers => PackCases.Indices("noise", File, "known_answers");
    public static IEnumerable<TheoryDataRow<int>> DrawCases => PackCases.Indices("noise", File, "nv_randn");

    [Theory, MemberData(nameof(KnownAnswers))]
    public void Rounds_give_the_known_answers(int index)
    {
        var golden = ConformancePack.Json("noise", File).GetProperty("known_answers")[index];
        using var measure = new Measure(Group, $"known answer {index}");
        uint[] Words(string name) =>
            [.. golden.GetProperty(name).EnumerateArray().Select(v => uint.Parse(v.GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
        uint[] counter = Words("counter"), key = Words("key"), want = Words("out");
        measure.Equal("words", (want[0], want[1], want[2], want[3]), Philox4x32.Words((counter[0], counter[1], counter[2], counter[3]), (key[0], key[1])));
    }

    [Theory, MemberData(nameof(DrawCases))]
    public void Draws_are_those_of_the_device(int index)
    {
        var golden = ConformancePack.Json("noise", File).GetProperty("nv_randn")[index];
        int draw = golden.GetProperty("draw").GetInt32();
        using var measure = new Measure(Group, $"{golden.GetProperty("seed")} {golden.GetProperty("shape")} draw {draw}");
        var generator = new PhiloxGenerator(Draws.Seed(golden.GetProperty("seed")));
        var values = new float[Draws.Count(golden)];
        for (int i = 0; i <= draw; i++)
            generator.Normal(values);
        Draws.Close(measure, "values", golden, values, Tolerance);
    }

    [Fact]
    public void The_published_example_is_met()
    {
        if (!ConformancePack.Has("noise", File)) return;
        var golden = ConformancePack.Json("noise", File).GetProperty("published_by_a1111");
        using var measure = new Measure(Group, "published");
        var values = new float[Draws.Count(golden)];
        new PhiloxGenerator(Draws.Seed(golden.GetProperty("seed"))).Normal(values);
        measure.Close("values", Draws.Values(golden.GetProperty("values")), values, Tolerance);
    }
}
