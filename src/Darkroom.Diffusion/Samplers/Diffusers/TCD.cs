using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>
/// Trajectory consistency distillation, strategic stochastic sampling (Zheng et al. 2024), algorithm 4: denoise to (1 − η) of the next timestep, noise up to it.
/// </summary>
internal sealed class TCD : VariancePreservingSampler
{
    private readonly double eta;
    private readonly int last;

    public TCD(SamplerConfig config, SamplerRun run)
        : this(DistilledTimesteps.Make(config, run, nameof(TCD), anyWhenAsked: true), config, run)
    {
    }

    private TCD(DistilledTimesteps timesteps, SamplerConfig config, SamplerRun run)
        : base(timesteps.Values, timesteps.Values.Length, LCM.Alphas(config),
            ClassOptions.Prediction(config, nameof(TCD), PredictionType.Epsilon, PredictionType.V, PredictionType.Sample))
    {
        eta = run.Eta ?? 0.3;
        if (!(eta is >= 0 and <= 1))
            throw new NotSupportedException($"TCD's eta lies in 0…1, not {eta}.");
        last = timesteps.Steps - 1;
    }

    public override int SlotCount => 2;

    public override void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise)
    {
        int index = state.Index;
        double target = index + 1 < Timesteps.Count ? Timesteps[index + 1] : 0;
        // In float32 as torch multiplies, which decides the integer where the product is nearly whole.
        double middle = MathF.Floor((float)(1 - eta) * (float)target);
        double bar = AlphaBar(index), targetBar = AlphaBarAt(target, 1), middleBar = AlphaBarAt(middle, 1);

        VariancePreservingPrediction.Denoise(state.Denoised, Prediction, bar, latents, output);
        var buffer = state.Slot(1);
        VariancePreservingPrediction.Noise(buffer, Prediction, bar, latents, output, state.Denoised);
        Latents.Combine(latents, Math.Sqrt(middleBar), state.Denoised, Math.Sqrt(1 - middleBar), buffer);
        if (eta > 0 && index != last)
        {
            double kept = targetBar / middleBar;
            noise.Normal(buffer);
            Latents.Combine(latents, Math.Sqrt(kept), latents, Math.Sqrt(1 - kept), buffer);
        }
        state.Index++;
    }
}
