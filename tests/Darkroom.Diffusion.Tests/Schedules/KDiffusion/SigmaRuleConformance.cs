using System.Globalization;
using Darkroom.Diffusion.Schedules;
using Darkroom.TestKit;

namespace Darkroom.Diffusion.Tests.Schedules.KDiffusion;

[Trait("Category", "Conformance")]
public sealed class SigmaRuleConformance(ITestOutputHelper report)
{
    private static readonly string[] Folder = ["samplers", "kdiffusion"];

    public static IEnumerable<TheoryDataRow<string>> Rules => PackCases.Named(
        ConformancePack.Has([.. Folder, "schedules.json"])
            ? [.. ConformancePack.Json([.. Folder, "schedules.json"]).GetProperty("rules").EnumerateObject().Select(rule => rule.Name)]
            : [],
        "sigma rules");

    [Theory, MemberData(nameof(Rules))]
    public void Levels_are_the_programs(string rule)
    {
        using var measure = new Measure("schedules/kdiffusion", rule);
        var golden = ConformancePack.Json([.. Folder, "schedules.json"]).GetProperty("rules").GetProperty(rule).GetProperty("sigmas_by_steps");
        int equal = 0, all = 0;
        foreach (var row in golden.EnumerateObject())
        {
            double[] expected = Measure.NumberList(row.Value), actual = GoldenRules.Make(rule, int.Parse(row.Name, CultureInfo.InvariantCulture));
            measure.Numbers($"{row.Name} steps", expected, actual, 1e-6);
            measure.Bound($"{row.Name} steps", expected.Zip(actual).Max(p => Math.Abs(p.First - p.Second) / Math.Max(Math.Abs(p.First), 1e-9)), 1e-6);
            all += expected.Length;
            equal += expected.Zip(actual).Count(pair => pair.First == pair.Second);
        }
        report.WriteLine($"{rule}: {equal} of {all} bit-equal");
    }

    [Fact]
    public void Training_levels_are_the_checkpoints()
    {
        if (!ConformancePack.Has([.. Folder, "discrete.safetensors"])) Assert.Skip("The pack has no training levels.");
        using var measure = new Measure("schedules/kdiffusion", "discrete");
        var golden = ConformancePack.Tensors([.. Folder, "discrete.safetensors"]);
        var sigmas = GoldenRules.Sigmas;
        Relative("alphas_cumprod", golden["sd15_alphas_cumprod"].Values, DiscreteSigmas.AlphasCumprod(GoldenRules.StableDiffusion15));
        Relative("sigmas", golden["sd15_sigmas"].Values, sigmas.Sigmas);
        Relative("log_sigmas", golden["sd15_log_sigmas"].Values, sigmas.LogSigmas, 1e-6);
        float[] theirs = BetaSchedule.AlphasCumprod(GoldenRules.StableDiffusion15);
        Relative("diffusers_alphas_cumprod", golden["diffusers_alphas_cumprod"].Values, theirs);
        Relative("diffusers_sigmas", golden["diffusers_sigmas"].Values, new DiscreteSigmas(theirs).Sigmas);

        void Relative(string what, float[] expected, ReadOnlySpan<float> actual, double absolute = 0)
        {
            measure.Numbers(what, Array.ConvertAll(expected, v => (double)v), Array.ConvertAll(actual.ToArray(), v => (double)v), 1e-6, absolute);
            int equal = 0;
            for (int i = 0; i < expected.Length; i++)
                if (expected[i] == actual[i]) equal++;
            report.WriteLine($"{what}: {equal} of {expected.Length} bit-equal");
        }
    }
}
