using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>DPM-Solver-2 after Karras' design: the step is taken with the slope at the levels' geometric mean. k-diffusion's DPM2.</summary>
internal sealed class KDPM2Discrete : SecondOrderSampler
{
    private readonly PredictionType prediction;

    public KDPM2Discrete(SamplerConfig config, SamplerRun run)
        : this(Schedule(config, run), config)
    {
    }

    private KDPM2Discrete(SigmaSteps steps, SamplerConfig config)
        : this(steps, Middles(steps), config)
    {
    }

    private KDPM2Discrete(SigmaSteps steps, double[] middles, SamplerConfig config)
        : base(steps, Array.ConvertAll(middles, steps.Table.TimestepOf), middles, zeros: 3)
    {
        prediction = ClassOptions.Prediction(config, nameof(KDPM2Discrete), PredictionType.Epsilon, PredictionType.V);
    }

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
            Latents.Slope(latents, latents, state.Denoised, level);
            Latents.Combine(latents, 1, state.Slot(Origin), to - from, latents);
        }
        state.Index++;
    }

    /// <summary>Geometric means of neighbouring levels, taken in log space and float32.</summary>
    private static double[] Middles(SigmaSteps steps)
    {
        var result = new double[steps.Count - 1];
        for (int i = 0; i < result.Length; i++)
            result[i] = (float)Math.Sqrt((double)steps.Sigmas[i] * steps.Sigmas[i + 1]);
        return result;
    }

    private static SigmaSteps Schedule(SamplerConfig config, SamplerRun run)
    {
        ClassOptions.NoCustom(run, nameof(KDPM2Discrete));
        config = config with { BetaStart = config.BetaStart ?? 0.00085, BetaEnd = config.BetaEnd ?? 0.012 };
        return SigmaSteps.Make(config, run, BetaSchedule.AlphasCumprod(config), wholeKarras: true);
    }
}
