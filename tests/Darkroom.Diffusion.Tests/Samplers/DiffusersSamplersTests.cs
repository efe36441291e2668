using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Samplers.Diffusers;

namespace Darkroom.Diffusion.Tests.Samplers;

public sealed class DiffusersSamplersTests
{
    public static TheoryData<string> Classes => [.. DiffusersSamplers.Classes];

    [Theory]
    [MemberData(nameof(Classes))]
    public void Class_is_known_with_and_without_its_suffix(string name)
    {
        var run = new SamplerRun { Steps = 5 };
        var bare = DiffusersSamplers.Create(name, new(), run);
        var full = DiffusersSamplers.Create(name + "Scheduler", new(), run);
        Assert.Equal(bare.Timesteps, full.Timesteps);
        Assert.Equal(5, bare.Steps);
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void Calls_count_the_users_steps_from_first_to_last(string name)
    {
        var sampler = DiffusersSamplers.Create(name, new(), new() { Steps = 6 });
        var state = new SamplerState(sampler, 4);
        var steps = new List<int>();
        for (; sampler.Next(state, out var call); state.Index++)
            steps.Add(call.Step);
        Assert.Equal(sampler.Timesteps.Count, steps.Count);
        Assert.Equal(Enumerable.Range(0, 6), steps.Distinct());
    }

    [Fact]
    public void Unknown_class_is_refused_with_the_known_ones()
    {
        var refused = Assert.Throws<NotSupportedException>(() => DiffusersSamplers.Create("VQDiffusionScheduler", new(), new() { Steps = 5 }));
        Assert.Contains("VQDiffusionScheduler", refused.Message);
        Assert.Contains("EulerDiscrete", refused.Message);
    }

    public static TheoryData<string, string, SamplerConfig, SamplerRun> Refusals => new()
    {
        { "EulerDiscrete", "use_beta_sigmas", new() { UseKarrasSigmas = true, UseBetaSigmas = true }, new() { Steps = 5 } },
        { "EulerDiscrete", "interpolation_type 'cubic'", new() { InterpolationType = "cubic" }, new() { Steps = 5 } },
        { "HeunDiscrete", "Custom timesteps", new() { UseKarrasSigmas = true }, new() { Timesteps = [999, 500] } },
        { "KDPM2Discrete", "prediction_type 'sample'", new() { PredictionType = "sample" }, new() { Steps = 5 } },
        { "DDIM", "timestep_spacing 'random'", new() { TimestepSpacing = "random" }, new() { Steps = 5 } },
        { "DDIM", "v_prediction", new() { RescaleBetasZeroSnr = true, TimestepSpacing = "trailing" }, new() { Steps = 5 } },
        { "DDIM", "custom sigmas", new(), new() { Sigmas = [10, 0] } },
        { "DDPM", "beta_schedule 'wavy'", new() { BetaSchedule = "wavy" }, new() { Steps = 5 } },
        { "DDPM", "must fall", new(), new() { Timesteps = [10, 500] } },
        { "DDPM", "variance_type 'none'", new() { VarianceType = "none" }, new() { Steps = 5 } },
        { "PNDM", "at least 4", new() { SkipPrkSteps = false }, new() { Steps = 3 } },
        { "LCM", "original_inference_steps", new() { OriginalInferenceSteps = 50 }, new() { Steps = 51 } },
        { "TCD", "eta", new(), new() { Steps = 4, Eta = 1.5 } },
        { "LMSDiscrete", "orders 1 to 4", new(), new() { Steps = 4, Order = 5 } },
        { "FlowMatchEulerDiscrete", "mu", new() { UseDynamicShifting = true }, new() { Steps = 4 } },
        { "EDMEuler", "sigma_schedule 'linear'", new() { SigmaSchedule = "linear" }, new() { Steps = 4 } },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Option_that_a_class_lacks_is_refused_by_name(string name, string named, SamplerConfig config, SamplerRun run)
    {
        var refused = Assert.Throws<NotSupportedException>(() => DiffusersSamplers.Create(name, config, run));
        Assert.Contains(named, refused.Message);
    }

    [Fact]
    public void Keys_of_other_classes_change_nothing()
    {
        var own = DiffusersSamplers.Create("EulerAncestralDiscrete", new(), new() { Steps = 5 });
        var foreign = DiffusersSamplers.Create(
            "EulerAncestralDiscrete", new() { UseKarrasSigmas = true, SigmaMax = 3, SolverOrder = 3, Shift = 7 }, new() { Steps = 5 });
        Assert.Equal(own.Sigmas, foreign.Sigmas);
    }

    /// <summary>61 is a count for which 1000/(1000/61) rounds above 61; arange would give timestep −1 as a 62nd entry.</summary>
    [Fact]
    public void Trailing_gives_as_many_steps_as_asked()
    {
        var sampler = DiffusersSamplers.Create("DDIM", new() { TimestepSpacing = "trailing" }, new() { Steps = 61 });
        Assert.Equal(61, sampler.Timesteps.Count);
        Assert.All(sampler.Timesteps, t => Assert.InRange(t, 0, 999));
    }

    [Fact]
    public void Learned_variance_takes_the_second_half_of_the_output()
    {
        // At +1 the learned range means β itself, which is what fixed_large adds.
        var run = new SamplerRun { Steps = 10 };
        var learned = DiffusersSamplers.Create("DDPM", new() { VarianceType = "learned_range" }, run);
        var large = DiffusersSamplers.Create("DDPM", new() { VarianceType = "fixed_large" }, run);
        float[] output = [0.1f, -0.2f, 0.3f, 0.4f];
        float[] expected = [1, -1, 0.5f, 2], actual = [1, -1, 0.5f, 2];
        large.Advance(new(large, 4), output, expected, new Ones());
        learned.Advance(new(learned, 4), [.. output, 1, 1, 1, 1], actual, new Ones());
        for (int i = 0; i < 4; i++)
            Assert.Equal(expected[i], actual[i], 1e-6f);
    }

    private sealed class Ones : INoiseSource
    {
        public void Normal(Span<float> destination) => destination.Fill(1);

        public void Increment(double sigma, double sigmaNext, Span<float> destination) => destination.Fill(1);
    }
}
