using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>DPM2 to a level below the next one, then fresh noise up to it: the trial point lies at the geometric mean of start and lower level.</summary>
internal sealed class KDPM2AncestralDiscrete : SecondOrderSampler
{
    private const int Noise = 2;

    private readonly PredictionType prediction;

    public KDPM2AncestralDiscrete(SamplerConfig config, SamplerRun run)
        : this(Schedule(config, run), config)
    {
    }

    private KDPM2AncestralDiscrete(SigmaSteps steps, SamplerConfig config)
        : this(steps, Middles(steps), config)
    {
    }

    private KDPM2AncestralDiscrete(SigmaSteps steps, double[] middles, SamplerConfig config)
        : base(steps, Array.ConvertAll(middles, steps.Table.TimestepOf), middles, zeros: 3)
    {
        prediction = ClassOptions.Prediction(config, nameof(KDPM2AncestralDiscrete), PredictionType.Epsilon, PredictionType.V);
    }

    public override int SlotCount => 3;

    public override void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise)
    {
        var (from, to) = Ends(state.Index);
        double level = Level(state.Index);
        SigmaSpacePrediction.Denoise(state.Denoised, prediction, level, latents, output);
        if (IsFirst(state.Index))
        {
            latents.CopyTo(state.Slot(Origin));
            Latents.Move(latents, from, to > 0 ? Level(state.Index + 1) : 0, state.Denoised);
        }
        else
        {
            var (down, up) = AncestralLevels.Split(from, to);
            // Far above the next level float32 leaves nothing of the lower one: the trial point is its end already, and has no slope.
            if (level > 0)
            {
                Latents.Slope(latents, latents, state.Denoised, level);
                Latents.Combine(latents, 1, state.Slot(Origin), down - from, latents);
            }
            noise.Normal(state.Slot(Noise));
            Latents.Add(latents, up, state.Slot(Noise));
        }
        state.Index++;
    }

    private static double[] Middles(SigmaSteps steps)
    {
        var result = new double[steps.Count - 1];
        for (int i = 0; i < result.Length; i++)
            result[i] = (float)Math.Sqrt(steps.Sigmas[i] * AncestralLevels.Split(steps.Sigmas[i], steps.Sigmas[i + 1]).Down);
        return result;
    }

    private static SigmaSteps Schedule(SamplerConfig config, SamplerRun run)
    {
        ClassOptions.NoCustom(run, nameof(KDPM2AncestralDiscrete));
        config = config with { BetaStart = config.BetaStart ?? 0.00085, BetaEnd = config.BetaEnd ?? 0.012 };
        return SigmaSteps.Make(config, run, BetaSchedule.AlphasCumprod(config), wholeKarras: true);
    }
}
