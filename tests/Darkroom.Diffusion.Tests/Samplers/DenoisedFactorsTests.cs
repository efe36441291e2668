using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Samplers;

namespace Darkroom.Diffusion.Tests.Samplers;

/// <summary>What a sampler says its denoised prediction is made of is what it makes it of.</summary>
public sealed class DenoisedFactorsTests
{
    public static TheoryData<string> Samplers => [.. SamplerCatalog.All.Select(sampler => sampler.Name)];

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Factors_give_the_denoised_prediction_of_every_call(string name)
    {
        foreach (string prediction in (string[])["epsilon", "v_prediction"])
            Check(new SamplerChoice
            {
                ModelClass = "DDIMScheduler", Sampler = name, Steps = 12,
                ModelConfig = new() { BetaSchedule = "scaled_linear", BetaStart = 0.00085, BetaEnd = 0.012, ClipSample = false, PredictionType = prediction },
            });
    }

    [Theory]
    [InlineData("euler")]
    [InlineData("heun")]
    [InlineData("dpmpp_2m")]
    public void Factors_of_flow_models_too(string name) => Check(new SamplerChoice
        { ModelClass = "FlowMatchEulerDiscreteScheduler", ModelConfig = new() { Shift = 3 }, Sampler = name, Steps = 12 });

    private static void Check(SamplerChoice choice)
    {
        var (sampler, begin) = SamplerFactory.Start(choice);
        var (min, max) = sampler.BrownianRange;
        var noise = new RowNoise(new TorchCpuGenerator(5), max > 0 ? new BrownianPath(5, min, max) : null);
        float[] latents = new float[16], output = new float[16], before = new float[16];
        noise.Normal(latents);
        var state = new SamplerState(sampler, latents.Length, begin);
        sampler.Start(state, latents, noise);
        for (int call = 0; sampler.Next(state, out var point); call++)
        {
            for (int i = 0; i < output.Length; i++) output[i] = MathF.Sin(i + call);
            latents.CopyTo(before, 0);
            var (skip, share) = Assert.NotNull(sampler.DenoisedFrom(point, state));
            sampler.Advance(state, output, latents, noise);
            for (int i = 0; i < output.Length; i++)
            {
                double denoised = skip * before[i] + share * output[i];
                Assert.Equal(denoised, state.Denoised[i], 1e-4 * Math.Max(1, Math.Abs(denoised)));
            }
        }
    }
}
