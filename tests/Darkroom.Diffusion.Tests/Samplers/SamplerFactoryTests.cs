using System.Numerics.Tensors;
using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Schedules.KDiffusion;

namespace Darkroom.Diffusion.Tests.Samplers;

public sealed class SamplerFactoryTests
{
    private static readonly SamplerConfig StableDiffusion1 = new()
    {
        BetaSchedule = "scaled_linear", BetaStart = 0.00085, BetaEnd = 0.012, StepsOffset = 1, ClipSample = false, SetAlphaToOne = false, SkipPrkSteps = true,
    };

    private static readonly SamplerConfig Starter = new()
    {
        BetaSchedule = "scaled_linear", BetaStart = 0.00085, BetaEnd = 0.012, PredictionType = "v_prediction", TimestepSpacing = "trailing",
        ClipSample = false, SetAlphaToOne = true, StepsOffset = 0,
    };

    public static TheoryData<string, string> Combinations => [.. SamplerCatalog.All.SelectMany(
        sampler => sampler.Schedules.Select(schedule => (sampler.Name, schedule)))];

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Every_listed_combination_runs_to_a_finite_end(string sampler, string schedule)
    {
        foreach (var (modelClass, config) in new[] { ("PNDMScheduler", StableDiffusion1), ("DDIMScheduler", Starter) })
            foreach (int steps in new[] { 1, 2, 3, 8, 20 })
            {
                var made = SamplerFactory.Create(new SamplerChoice
                {
                    ModelClass = modelClass, ModelConfig = config, Sampler = sampler, Schedule = schedule, Steps = steps,
                });
                var latents = Run(made, seed: 7, out int calls);
                Assert.True(float.IsFinite(TensorPrimitives.MaxMagnitude<float>(latents)), $"{sampler}/{schedule}, {steps} steps of {modelClass}: not finite");
                Assert.InRange(calls, 1, 4 * steps + 8);
            }
    }

    [Fact]
    public void Without_a_name_the_models_own_class_and_options_run()
    {
        var own = SamplerFactory.Create(new SamplerChoice { ModelClass = "PNDMScheduler", ModelConfig = StableDiffusion1, Steps = 8 });
        Assert.Equal([876, 751, 751, 626, 501, 376, 251, 126, 1], own.Timesteps);
    }

    [Fact]
    public void Combination_without_meaning_is_refused_with_those_that_have_one()
    {
        var e = Assert.Throws<NotSupportedException>(() => SamplerFactory.Create(new SamplerChoice
        {
            ModelClass = "DDIMScheduler", ModelConfig = Starter, Sampler = "ddim", Schedule = "karras", Steps = 8,
        }));
        Assert.Contains("default, simple, sgm_uniform", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AlignYourStepsModel.StableDiffusion1)]
    [InlineData(AlignYourStepsModel.StableDiffusionXl)]
    public void Align_your_steps_takes_the_levels_of_the_kind_of_model(AlignYourStepsModel model)
    {
        var sampler = SamplerFactory.Create(new SamplerChoice
        {
            ModelClass = "EulerDiscreteScheduler", ModelConfig = StableDiffusion1, Sampler = "euler", Schedule = "align_your_steps", Steps = 10,
            AlignYourSteps = model,
        });
        Assert.Equal(AlignYourStepsLevels.Comfy(10, model), sampler.Sigmas);
    }

    [Fact]
    public void Ancestral_sampler_of_eta_zero_is_the_plain_one()
    {
        var choice = new SamplerChoice { ModelClass = "DDIMScheduler", ModelConfig = StableDiffusion1, Sampler = "euler_ancestral", Eta = 0, Steps = 12 };
        var ancestral = Run(SamplerFactory.Create(choice), seed: 3, out _);
        var plain = Run(SamplerFactory.Create(choice with { Sampler = "euler", Eta = null }), seed: 3, out _);
        Assert.True(TensorPrimitives.Distance<float>(ancestral, plain) < 1e-3 * TensorPrimitives.Norm<float>(plain));
    }

    [Theory]
    [InlineData("dpm_2", true)]
    [InlineData("dpm_2_ancestral", true)]
    [InlineData("dpmpp_3m_sde", true)]
    [InlineData("dpmpp_2m_sde", false)]
    [InlineData("euler", false)]
    public void Last_level_but_one_is_dropped_where_the_programs_drop_it(string name, bool dropped)
    {
        var sampler = SamplerFactory.Create(
            new SamplerChoice { ModelClass = "DDIMScheduler", ModelConfig = Starter, Sampler = name, Schedule = "normal", Steps = 8 });
        double[] levels = SigmaScheduleCatalog.Levels("normal", SigmaConvention.ComfyUi, DiscreteSigmas.Of(Starter), dropped ? 9 : 8);
        Assert.Equal(dropped ? [.. levels[..8], 0] : levels, sampler.Sigmas);
    }

    private static float[] Run(ISampler sampler, ulong seed, out int calls)
    {
        var (min, max) = sampler.BrownianRange;
        var noise = new RowNoise(new TorchCpuGenerator(seed), max > 0 ? new BrownianPath(seed, min, max) : null);
        var latents = new float[64];
        var output = new float[64];
        noise.Normal(latents);
        TensorPrimitives.Multiply(latents, (float)sampler.InitialScale, latents);
        var state = new SamplerState(sampler, latents.Length);
        sampler.Start(state, latents, noise);
        for (calls = 0; sampler.Next(state, out var call); calls++)
        {
            Assert.InRange(call.Step, 0, sampler.Steps - 1);
            for (int i = 0; i < output.Length; i++)
                output[i] = MathF.Tanh(latents[i] * (float)call.InputScale + 0.1f) * 0.5f;
            sampler.Advance(state, output, latents, noise);
        }
        return latents;
    }
}
