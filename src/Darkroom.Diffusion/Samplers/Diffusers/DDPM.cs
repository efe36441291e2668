using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>Ancestral sampling of denoising diffusion models (Ho et al. 2020), equations 6 and 7, over a subset of the training timesteps.</summary>
internal sealed class DDPM : VariancePreservingSampler
{
    private readonly Thresholding range;
    private readonly DDPMVariance variance;

    public DDPM(SamplerConfig config, SamplerRun run)
        : base(TimestepsOf(config, run), run.Timesteps?.Count ?? run.Steps, BetaSchedule.AlphasCumprod(config, supportsZeroSnr: true),
            ClassOptions.Prediction(config, nameof(DDPM), PredictionType.Epsilon, PredictionType.V, PredictionType.Sample))
    {
        range = ClassOptions.Range(config, clipByDefault: true);
        variance = DDPMVariance.Of(config.VarianceType);
    }

    public override int SlotCount => 2;

    /// <param name="state">The row's state.</param>
    /// <param name="output">For the learned variances the network's second half follows the first: twice the latents' length.</param>
    /// <param name="latents">The point.</param>
    /// <param name="noise">The row's noise.</param>
    public override void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise)
    {
        var learned = variance.Split(ref output, latents.Length);
        double bar = AlphaBar(state.Index);
        double next = state.Index + 1 < Timesteps.Count ? AlphaBar(state.Index + 1) : 1;
        double alpha = bar / next, beta = 1 - alpha;

        VariancePreservingPrediction.Denoise(state.Denoised, Prediction, bar, latents, output);
        range.Apply(state.Denoised);
        Latents.Combine(
            latents, Math.Sqrt(alpha) * (1 - next) / (1 - bar), latents, Math.Sqrt(next) * beta / (1 - bar), state.Denoised);
        if (Timesteps[state.Index] > 0)
        {
            noise.Normal(state.Slot(1));
            variance.Add(latents, state.Slot(1), learned, posterior: Math.Max((1 - next) / (1 - bar) * beta, 1e-20), beta);
        }
        state.Index++;
    }

    private static double[] TimestepsOf(SamplerConfig config, SamplerRun run)
    {
        ClassOptions.NoCustom(run, nameof(DDPM), timesteps: false);
        int trained = config.NumTrainTimesteps ?? 1000;
        return run.Timesteps is { } custom
            ? ClassOptions.CustomTimesteps(custom, trained, nameof(DDPM))
            : TimestepSpacing.Whole(config.TimestepSpacing ?? "leading", run.Steps, trained, config.StepsOffset ?? 0);
    }
}
