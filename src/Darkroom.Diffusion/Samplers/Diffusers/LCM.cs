using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>
/// Multistep consistency sampling of latent consistency models (Luo et al. 2023), algorithm 3: denoise with the boundary scalings c_skip and c_out,
/// noise anew to the next timestep.
/// </summary>
internal sealed class LCM : VariancePreservingSampler
{
    /// <summary>σ_data² of the boundary scalings, with σ_data = ½.</summary>
    private const double DataVariance = 0.25;

    private readonly Thresholding range;
    private readonly double scaling;
    private readonly int last;

    public LCM(SamplerConfig config, SamplerRun run)
        : this(DistilledTimesteps.Make(config, run, nameof(LCM), anyWhenAsked: false), config)
    {
    }

    private LCM(DistilledTimesteps timesteps, SamplerConfig config)
        : base(timesteps.Values, timesteps.Values.Length, Alphas(config),
            ClassOptions.Prediction(config, nameof(LCM), PredictionType.Epsilon, PredictionType.V, PredictionType.Sample))
    {
        range = ClassOptions.Range(config, clipByDefault: false);
        scaling = config.TimestepScaling ?? 10;
        last = timesteps.Steps - 1;
    }

    public override int SlotCount => 2;

    public override void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise)
    {
        var buffer = state.Slot(1);
        VariancePreservingPrediction.Denoise(state.Denoised, Prediction, AlphaBar(state.Index), latents, output);
        range.Apply(state.Denoised);
        double time = Timesteps[state.Index] * scaling, total = time * time + DataVariance;
        Latents.Combine(state.Denoised, time / Math.Sqrt(total), state.Denoised, DataVariance / total, latents);
        if (state.Index == last)
        {
            state.Denoised.CopyTo(latents);
        }
        else
        {
            double next = AlphaBar(Math.Min(state.Index + 1, Timesteps.Count - 1));
            noise.Normal(buffer);
            Latents.Combine(latents, Math.Sqrt(next), state.Denoised, Math.Sqrt(1 - next), buffer);
        }
        state.Index++;
    }

    /// <summary>The class has Stable Diffusion's noise by default.</summary>
    internal static float[] Alphas(SamplerConfig config) => BetaSchedule.AlphasCumprod(
        config with
        {
            BetaStart = config.BetaStart ?? 0.00085,
            BetaEnd = config.BetaEnd ?? 0.012,
            BetaSchedule = config.BetaSchedule ?? "scaled_linear",
        },
        supportsZeroSnr: true);
}
