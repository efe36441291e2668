using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>
/// Euler's method with optional churn, Karras et al. 2022, algorithm 2 without its second-order correction. Unlike k-diffusion, the noise of the
/// churn is added after the network has seen the point.
/// </summary>
internal sealed class EulerDiscrete : SigmaSpaceSampler
{
    private readonly Churn churn;

    public EulerDiscrete(SamplerConfig config, SamplerRun run)
        : this(EulerSteps.Make(config, run), config, run)
    {
    }

    private EulerDiscrete(EulerSteps steps, SamplerConfig config, SamplerRun run)
        : base(steps.Timesteps, steps.Sigmas, steps.Sigmas, steps.Spacing, steps.Timesteps.Length)
    {
        Prediction = ClassOptions.Prediction(config, nameof(EulerDiscrete), PredictionType.Epsilon, PredictionType.V, PredictionType.Sample);
        churn = new(run, steps.Sigmas.Length - 1);
    }

    protected override PredictionType Prediction { get; }

    public override int SlotCount => churn.Any ? 2 : 1;

    public override void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise)
    {
        double sigma = Sigmas[state.Index], next = Sigmas[state.Index + 1];
        double hat = churn.Raise(sigma);
        if (hat > sigma)
        {
            noise.Normal(state.Slot(1));
            Latents.Add(latents, churn.NoiseFactor(sigma, hat), state.Slot(1));
        }
        // diffusers converts epsilon at the raised level, but v at the plain one.
        double level = Prediction == PredictionType.V ? sigma : hat;
        SigmaSpacePrediction.Denoise(state.Denoised, Prediction, level, latents, output);
        Latents.Move(latents, hat, next, state.Denoised);
        state.Index++;
    }
}
