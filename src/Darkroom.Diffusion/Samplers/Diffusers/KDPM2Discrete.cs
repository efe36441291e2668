using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>DPM-Solver-2 after Karras' design: the step is taken with the slope at the levels' geometric mean. k-diffusion's DPM2.</summary>
internal sealed class KDPM2Discrete : SecondOrderSampler
{
    public KDPM2Discrete(SamplerConfig config, SamplerRun run)
        : this(KDPM2Tables.Steps(config, run, nameof(KDPM2Discrete)), config)
    {
    }

    private KDPM2Discrete(SigmaSteps steps, SamplerConfig config)
        : this(steps, KDPM2Tables.Middles(steps, static (_, next) => next), config)
    {
    }

    private KDPM2Discrete(SigmaSteps steps, double[] middles, SamplerConfig config)
        : base(steps, Array.ConvertAll(middles, steps.Table.TimestepOf), middles, zeros: 3)
    {
        Prediction = ClassOptions.Prediction(config, nameof(KDPM2Discrete), PredictionType.Epsilon, PredictionType.V);
    }

    protected override PredictionType Prediction { get; }

    public override void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise)
    {
        var (from, to) = Ends(state.Index);
        double level = Level(state.Index);
        SigmaSpacePrediction.Denoise(state.Denoised, Prediction, level, latents, output);
        if (IsFirst(state.Index))
        {
            latents.CopyTo(state.Slot(Origin));
            Latents.Move(latents, from, to > 0 ? Level(state.Index + 1) : 0, state.Denoised);
        }
        else
        {
            // x ← x + (σ′ − σ)·d, with the slope d = (x_m − x₀)/σ_m at the geometric mean σ_m.
            Latents.Slope(latents, latents, state.Denoised, level);
            Latents.Combine(latents, 1, state.Slot(Origin), to - from, latents);
        }
        state.Index++;
    }
}
