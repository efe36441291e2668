using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Schedules.KDiffusion;

namespace Darkroom.Diffusion.Tests.Schedules.KDiffusion;

public sealed class SigmaScheduleCatalogTests
{
    public static TheoryData<string, SigmaConvention> All =>
        [.. SigmaScheduleCatalog.Names.SelectMany(name => Enum.GetValues<SigmaConvention>(), (name, convention) => (name, convention))];

    [Theory, MemberData(nameof(All))]
    public void Every_rule_falls_strictly_for_every_count_of_steps(string name, SigmaConvention convention)
    {
        foreach (int n in (ReadOnlySpan<int>)[1, 2, 3, 5, 13, 50, 150])
        {
            double[] levels = SigmaScheduleCatalog.Levels(name, convention, GoldenRules.Sigmas, n);
            Assert.True(levels.Length >= 2, $"{n} steps: {levels.Length} levels");
            Assert.All(levels, level => Assert.True(double.IsFinite(level) && level >= 0, $"{n} steps: {level}"));
            Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.First > pair.Second, $"{n} steps: {pair}"));
        }
    }

    [Fact]
    public void Every_schedule_of_the_API_but_the_default_has_a_rule() =>
        Assert.Equal(ScheduleCatalog.All.Select(s => s.Name).Where(s => s != ScheduleCatalog.Default).Order(), SigmaScheduleCatalog.Names.Order());

    [Fact]
    public void Unknown_schedule_lists_the_known_ones()
    {
        var error = Assert.Throws<NotSupportedException>(() => SigmaScheduleCatalog.Levels("krras", SigmaConvention.A1111, GoldenRules.Sigmas, 4));
        Assert.Contains("karras", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Teacher_of_a_consistency_model_has_fifty_levels()
    {
        var levels = LcmLevels.Make(GoldenRules.Sigmas, LcmLevels.TeacherSteps);
        var times = LcmLevels.Times(GoldenRules.Sigmas);
        Assert.Equal(Enumerable.Range(1, 50).Select(i => 1000.0 - 20 * (i - 1) - 1), levels.SkipLast(1).Select(times.TimestepOf));
    }

    [Fact]
    public void Zero_terminal_SNR_ends_at_the_programs_largest_sigma()
    {
        var sigmas = DiscreteSigmas.Of(GoldenRules.StableDiffusion15 with { RescaleBetasZeroSnr = true });
        Assert.Equal(4518.757, sigmas.Max, 1e-2);
        Assert.Equal(GoldenRules.Sigmas.Min, sigmas.Min, 1e-6);
        Assert.Equal(999, sigmas.Quantized.TimestepOf(sigmas.Max));
    }

    [Fact]
    public void Sigmas_of_every_beta_schedule_rise()
    {
        foreach (string schedule in (ReadOnlySpan<string>)["linear", "scaled_linear", "squaredcos_cap_v2", "sigmoid"])
        {
            var sigmas = DiscreteSigmas.Of(new SamplerConfig { BetaSchedule = schedule });
            var sorted = sigmas.Sigmas.ToArray();
            Array.Sort(sorted);
            Assert.Equal(sorted, sigmas.Sigmas.ToArray());
            // The float32 way differs in the last digits alone.
            float[] theirs = new DiscreteSigmas(BetaSchedule.AlphasCumprod(new SamplerConfig { BetaSchedule = schedule })).Sigmas.ToArray();
            Assert.All(sorted.Zip(theirs), pair => Assert.Equal(1, pair.First / pair.Second, 2e-3));
        }
    }

    [Theory]
    [InlineData(20, 0.3), InlineData(20, 1), InlineData(7, 0.01)]
    public void Image_to_image_cuts_a_schedule_to_its_last_steps(int steps, double strength)
    {
        var a1111 = ImageToImageSteps.A1111(steps, strength);
        double[] levels = SkippedLevels.Simple(GoldenRules.Sigmas, a1111.ScheduleSteps);
        Assert.Equal(levels[^(a1111.Run + 1)..], a1111.Cut(levels, SigmaConvention.A1111));
        var comfy = ImageToImageSteps.ComfyUi(steps, strength);
        levels = SkippedLevels.Simple(GoldenRules.Sigmas, comfy.ScheduleSteps);
        Assert.Equal(levels[^(steps + 1)..], comfy.Cut(levels, SigmaConvention.ComfyUi));
    }

    [Fact]
    public void Image_to_image_of_no_strength_runs_nothing_in_ComfyUI() =>
        Assert.Empty(ImageToImageSteps.ComfyUi(20, 0).Cut(SkippedLevels.Simple(GoldenRules.Sigmas, 20), SigmaConvention.ComfyUi));
}
