using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Samplers.KDiffusion;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Schedules.KDiffusion;
using Darkroom.Diffusion.Tests.Schedules.KDiffusion;

namespace Darkroom.Diffusion.Tests.Samplers.KDiffusion;

public sealed class KDiffusionSamplerTests
{
    private static readonly ISigmaTime Times = GoldenRules.Sigmas.Continuous;

    public static TheoryData<string> Names => [.. KDiffusionSamplers.Names];

    /// <summary>A perfect network always sees the same picture, which every rule must then reach, whatever its order and noise.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Perfect_network_gives_its_picture_back(string name)
    {
        const float Picture = 0.6f;
        var sampler = KDiffusionSamplers.Create(name, KarrasLevels.Make(12, GoldenRules.Sigmas.Min, GoldenRules.Sigmas.Max), Times, PredictionType.Sample);
        float[] latents = [.. Enumerable.Range(0, 32).Select(i => (float)(sampler.InitialScale * Math.Sin(i)))];
        Run(sampler, latents, (_, _) => Picture);
        // DPM-Solver's fast and adaptive rules end at the smallest level, with that much noise left.
        float left = name is "dpm_fast" or "dpm_adaptive" ? 0.1f : 1e-5f;
        Assert.All(latents, value => Assert.Equal(Picture, value, left));
    }

    [Theory, MemberData(nameof(Names))]
    public void Two_rows_of_one_sampler_do_not_touch(string name)
    {
        var sampler = KDiffusionSamplers.Create(name, KarrasLevels.Make(8, GoldenRules.Sigmas.Min, GoldenRules.Sigmas.Max), Times, PredictionType.Epsilon);
        float[] alone = Row(1), first = Row(1), second = Row(2);
        Run(sampler, alone, Network);

        SamplerState[] states = [new(sampler, alone.Length), new(sampler, alone.Length)];
        var noise = new Ripple();
        var otherNoise = new Ripple();
        sampler.Start(states[0], first, noise);
        sampler.Start(states[1], second, otherNoise);
        bool more = true;
        while (more)
            more = Step(sampler, states[0], first, Network, noise) | Step(sampler, states[1], second, Network, otherNoise);
        Assert.Equal(alone, first);

        float[] Row(int seed) => [.. Enumerable.Range(0, 32).Select(i => (float)(sampler.InitialScale * Math.Sin(i * seed)))];
        static float Network(EvaluationPoint call, float x) => (float)Math.Tanh(x * call.InputScale + call.Timestep / 1000);
    }

    [Fact]
    public void Adaptive_run_ends_clean_within_its_bound()
    {
        var options = new KDiffusionOptions { SigmaMin = GoldenRules.Sigmas.Min, SigmaMax = GoldenRules.Sigmas.Max, Steps = 3 };
        var sampler = KDiffusionSamplers.Create("dpm_adaptive", null, Times, PredictionType.Sample, options);
        float[] latents = [.. Enumerable.Range(0, 32).Select(i => (float)(sampler.InitialScale * Math.Sin(i)))];
        var state = Run(sampler, latents, (_, _) => 0.6f);
        Assert.Equal(3 * sampler.CallsPerStep, state.Calls);
        // What is left is the noise of the smallest level.
        Assert.All(latents, value => Assert.Equal(0.6f, value, 0.1f));
    }

    [Fact]
    public void Straight_path_model_follows_its_line()
    {
        double[] sigmas = [1, 0.75, 0.5, 0.25, 0];
        foreach (string name in (ReadOnlySpan<string>)["euler", "heun", "dpm_2", "lms", "dpmpp_2m"])
        {
            var sampler = KDiffusionSamplers.Create(name, sigmas, new FlowTime(), PredictionType.Flow);
            Assert.Equal(1, sampler.InitialScale);
            Assert.Equal(1000, sampler.Timesteps[0]);
            float[] latents = [1.5f, -0.5f];
            sampler.AddNoise(latents, [2, 2], 0);
            Assert.Equal([2, 2], latents);
            Run(sampler, latents, (call, _) =>
            {
                Assert.Equal(1, call.InputScale);
                return 3f;
            });
            Assert.All(latents, value => Assert.Equal(-1, value, 1e-5f));
        }
    }

    [Fact]
    public void Stochastic_rules_refuse_straight_path_models() =>
        Assert.Throws<NotSupportedException>(() => KDiffusionSamplers.Create("euler_ancestral", [1, 0.5, 0], new FlowTime(), PredictionType.Flow));

    [Fact]
    public void Unknown_function_lists_the_known_ones() =>
        Assert.Contains("dpmpp_2m", Assert.Throws<NotSupportedException>(
            () => KDiffusionSamplers.Create("eulr", [1, 0], Times, PredictionType.Epsilon)).Message, StringComparison.Ordinal);

    [Fact]
    public void Unit_variance_start_is_a_little_larger()
    {
        var sampler = KDiffusionSamplers.Create("euler", [3, 1, 0], Times, PredictionType.Epsilon, new() { UnitVarianceStart = true });
        Assert.Equal(Math.Sqrt(10), sampler.InitialScale, 1e-12);
    }

    [Fact]
    public void Catalog_names_functions_that_exist() =>
        Assert.All(SamplerCatalog.All.Where(s => s.KDiffusion is not null), info =>
            Assert.Contains(info.KDiffusion!.Replace("sample_", "", StringComparison.Ordinal), KDiffusionSamplers.Names));

    private static SamplerState Run(ISampler sampler, float[] latents, Func<EvaluationPoint, float, float> network)
    {
        var state = new SamplerState(sampler, latents.Length);
        var noise = new Ripple();
        sampler.Start(state, latents, noise);
        while (Step(sampler, state, latents, network, noise)) { }
        return state;
    }

    private static bool Step(ISampler sampler, SamplerState state, float[] latents, Func<EvaluationPoint, float, float> network, Ripple noise)
    {
        if (!sampler.Next(state, out var call)) return false;
        sampler.Advance(state, Array.ConvertAll(latents, x => network(call, x)), latents, noise);
        return true;
    }

    /// <summary>Draws that differ from one to the next.</summary>
    private sealed class Ripple : INoiseSource
    {
        private int draws;

        public void Normal(Span<float> destination)
        {
            draws++;
            for (int i = 0; i < destination.Length; i++)
                destination[i] = (float)Math.Sin(draws * 7 + i);
        }

        public void Increment(double sigma, double sigmaNext, Span<float> destination) => Normal(destination);
    }
}
