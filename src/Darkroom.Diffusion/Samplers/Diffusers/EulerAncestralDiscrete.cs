using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>Euler's method to a level below the next one, then fresh noise up to it. The last step draws too, with factor 0.</summary>
internal sealed class EulerAncestralDiscrete : SigmaSpaceSampler
{
    public EulerAncestralDiscrete(SamplerConfig config, SamplerRun run)
        : this(Schedule(config, run), config)
    {
    }

    private EulerAncestralDiscrete(SigmaSteps steps, SamplerConfig config)
        : base(steps.Timesteps, Array.ConvertAll(steps.Sigmas, s => (double)s), Array.ConvertAll(steps.Sigmas, s => (double)s), steps.Spacing, steps.Count)
    {
        Prediction = ClassOptions.Prediction(config, nameof(EulerAncestralDiscrete), PredictionType.Epsilon, PredictionType.V);
    }

    protected override PredictionType Prediction { get; }

    public override int SlotCount => 2;

    public override void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise)
    {
        double sigma = Sigmas[state.Index], next = Sigmas[state.Index + 1];
        var (down, up) = AncestralLevels.Split(sigma, next);
        SigmaSpacePrediction.Denoise(state.Denoised, Prediction, sigma, latents, output);
        Latents.Move(latents, sigma, down, state.Denoised);
        noise.Normal(state.Slot(1));
        Latents.Add(latents, up, state.Slot(1));
        state.Index++;
    }

    private static SigmaSteps Schedule(SamplerConfig config, SamplerRun run)
    {
        ClassOptions.NoCustom(run, nameof(EulerAncestralDiscrete));
        config = config with { UseKarrasSigmas = null, UseExponentialSigmas = null, UseBetaSigmas = null };
        return SigmaSteps.Make(config, run, BetaSchedule.AlphasCumprod(config, supportsZeroSnr: true, DiffusersSigmas.LastAlphaOfZeroSnr));
    }
}
