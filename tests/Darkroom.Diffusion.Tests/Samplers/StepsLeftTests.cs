using System.Numerics.Tensors;
using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Samplers.KDiffusion;
using Darkroom.Diffusion.Schedules;

namespace Darkroom.Diffusion.Tests.Samplers;

/// <summary>Image to image: every way to begin near the end of a schedule.</summary>
public sealed class StepsLeftTests
{
    private static readonly SamplerConfig StableDiffusion1 = new()
    {
        BetaSchedule = "scaled_linear", BetaStart = 0.00085, BetaEnd = 0.012, StepsOffset = 1, ClipSample = false, SetAlphaToOne = false, SkipPrkSteps = true,
    };

    private static readonly SamplerConfig Trailing = new()
    {
        BetaSchedule = "scaled_linear", BetaStart = 0.00085, BetaEnd = 0.012, PredictionType = "v_prediction", TimestepSpacing = "trailing",
        RescaleBetasZeroSnr = true, ClipSample = false,
    };

    public static TheoryData<string> Samplers => [.. SamplerCatalog.All.Select(sampler => sampler.Name)];

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Sampler_asks_or_is_finished_wherever_a_run_begins(string name)
    {
        var info = SamplerCatalog.Find(name)!;
        foreach (var config in new[] { StableDiffusion1, Trailing, new() { BetaSchedule = "squaredcos_cap_v2" }, new() })
            foreach (string schedule in info.Schedules)
                foreach (int steps in new[] { 1, 2, 3, 20 })
                    for (int skipped = steps == 20 ? 16 : 0; skipped < steps; skipped++)
                        Run(new SamplerChoice
                        {
                            ModelClass = "DDIMScheduler", ModelConfig = config, Sampler = name, Schedule = schedule, Steps = steps, SkippedSteps = skipped,
                        });
    }

    [Theory]
    [InlineData("dpm_adaptive", 0)]
    [InlineData("dpm_fast", 1)]
    public void Run_that_begins_at_its_end_changes_nothing(string function, int calls)
    {
        var sampler = KDiffusionSamplers.Create(function, [0.03, 0.03], DiscreteSigmas.Of(StableDiffusion1).Continuous, PredictionType.Epsilon);
        float[] latents = [1, -2];
        var noise = new RowNoise(new TorchCpuGenerator(5), null);
        var state = new SamplerState(sampler, latents.Length);
        sampler.Start(state, latents, noise);
        int made = 0;
        for (; sampler.Next(state, out _); made++)
            sampler.Advance(state, [0.5f, 0.5f], latents, noise);
        Assert.Equal(calls, made);
        Assert.Equal([1, -2], latents);
    }

    private static void Run(SamplerChoice choice)
    {
        var (sampler, begin) = SamplerFactory.Start(choice);
        string what = $"{choice.Sampler}/{choice.Schedule}, {choice.SkippedSteps} of {choice.Steps} steps left out";
        var (min, max) = sampler.BrownianRange;
        var noise = new RowNoise(new TorchCpuGenerator(5), max > 0 ? new BrownianPath(5, min, max) : null);
        float[] latents = new float[16], draw = new float[16], output = new float[16];
        noise.Normal(draw);
        sampler.AddNoise(latents, draw, begin);
        var state = new SamplerState(sampler, latents.Length, begin);
        sampler.Start(state, latents, noise);
        int calls = 0;
        for (; sampler.Next(state, out var point); calls++)
        {
            Assert.True(point.InputScale > 0 && double.IsFinite(point.Timestep) && point.Step < sampler.Steps, $"{what}: {point}");
            for (int i = 0; i < output.Length; i++)
                output[i] = MathF.Tanh(latents[i] * (float)point.InputScale + 0.1f) * 0.5f;
            sampler.Advance(state, output, latents, noise);
        }
        Assert.True(calls <= 4 * choice.Steps + 8, $"{what}: {calls} calls");
        Assert.True(float.IsFinite(TensorPrimitives.MaxMagnitude<float>(latents)), $"{what}: not finite");
        Assert.False(sampler.Next(state, out _));
    }
}
