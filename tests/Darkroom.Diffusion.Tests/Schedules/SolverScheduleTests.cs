using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Schedules;

namespace Darkroom.Diffusion.Tests.Schedules;

public sealed class SolverScheduleTests
{
    private static readonly SamplerConfig Sd15 = new() { BetaStart = 0.00085, BetaEnd = 0.012, BetaSchedule = "scaled_linear", StepsOffset = 1 };

    [Theory]
    [InlineData("linspace", new double[] { 999, 856, 714, 571, 428, 285, 143 })]
    [InlineData("leading", new double[] { 876, 751, 626, 501, 376, 251, 126 })]
    [InlineData("trailing", new double[] { 999, 856, 713, 570, 428, 285, 142 })]
    public void Training_steps_are_cut_into_one_part_more_than_there_are_steps(string spacing, double[] expected) =>
        Assert.Equal(expected, SolverTimesteps.Create(spacing, 7, trained: 1000, last: 1000, offset: 1));

    [Fact]
    public void Halves_of_linspace_round_to_even() =>
        Assert.Equal([999, 500], SolverTimesteps.Create("linspace", 2, trained: 1000, last: 1000, offset: 0));

    [Fact]
    public void Trailing_does_not_run_over_the_clean_end()
    {
        double[] timesteps = SolverTimesteps.Create("trailing", 61, trained: 1000, last: 1000, offset: 0);
        Assert.Equal(61, timesteps.Length);
        Assert.True(timesteps[^1] >= 0);
    }

    [Fact]
    public void Unknown_spacing_is_named()
    {
        var error = Assert.Throws<NotSupportedException>(() => SolverTimesteps.Create("dense", 7, 1000, 1000, 0));
        Assert.Contains("timestep_spacing 'dense'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_without_a_final_sigma_type_repeat_the_lowest_sigma_of_a_sigma_rule()
    {
        var schedule = SolverSchedule.Create(
            Sd15 with { UseKarrasSigmas = true }, new() { Steps = 5 }, new() { RepeatsLowest = true });
        Assert.Equal(schedule.Sigmas[^2], schedule.Sigmas[^1]);
        Assert.False(schedule.EndsAtZero);
    }

    [Fact]
    public void Lambda_clip_leaves_out_the_noisiest_timesteps()
    {
        var config = new SamplerConfig { BetaSchedule = "squaredcos_cap_v2", LambdaMinClipped = -5.1, TimestepSpacing = "trailing" };
        var clipped = SolverSchedule.Create(config, new() { Steps = 4 }, new() { LambdaClip = true, Spacing = true, FinalSigma = true });
        var whole = SolverSchedule.Create(config, new() { Steps = 4 }, new() { Spacing = true, FinalSigma = true });
        Assert.Equal(999, whole.Timesteps[0]);
        Assert.Equal(995, clipped.Timesteps[0]);
        Assert.True(clipped.Sigmas[0] < Math.Exp(5.1));
    }

    [Fact]
    public void Flow_timesteps_on_whole_numbers_do_not_lose_one_to_rounding()
    {
        // 999·i/9 is whole; numpy's own order of operations decides on which side of it the product falls.
        double[] sigmas = SolverFlowSigmas.Create(new(), new(), 9, fromOne: false);
        Assert.Equal(0.999, sigmas[0], 15);
        Assert.All(sigmas, (sigma, i) => Assert.Equal(0.111 * (9 - i), sigma, 12));
    }

    [Fact]
    public void Flow_levels_stretch_to_the_wanted_end()
    {
        var config = new SamplerConfig { UseFlowSigmas = true, FlowShift = 3, ShiftTerminal = 0.1 };
        double[] sigmas = SolverFlowSigmas.Create(config, new(), 8, fromOne: true);
        Assert.Equal(1 - 1e-6, sigmas[0], 12);
        Assert.Equal(0.1, sigmas[^1], 12);
    }

    [Fact]
    public void A_list_of_timesteps_is_refused_where_the_class_takes_none()
    {
        var error = Assert.Throws<NotSupportedException>(
            () => SolverSchedule.Create(Sd15, new() { Timesteps = [999, 500] }, new()));
        Assert.Contains("timesteps", error.Message, StringComparison.Ordinal);
    }
}
