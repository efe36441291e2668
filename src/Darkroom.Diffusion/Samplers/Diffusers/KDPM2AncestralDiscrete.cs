using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>DPM2 to a level below the next one, then fresh noise up to it: the trial point lies at the geometric mean of start and lower level.</summary>
internal sealed class KDPM2AncestralDiscrete : SecondOrderSampler
{
    private const int Noise = 2;


    public KDPM2AncestralDiscrete(SamplerConfig config, SamplerRun run)
        : this(KDPM2Tables.Steps(config, run, nameof(KDPM2AncestralDiscrete)), config)
    {
    }

    private KDPM2AncestralDiscrete(SigmaSteps steps, SamplerConfig config)
        : this(steps, KDPM2Tables.Middles(steps, static (sigma, next) => AncestralLevels.Split(sigma, next).Down), config)
    {
    }

    private KDPM2AncestralDiscrete(SigmaSteps steps, double[] middles, SamplerConfig config)
        : base(steps, Array.ConvertAll(middles, steps.Table.TimestepOf), middles, zeros: 3)
    {
        Prediction = ClassOptions.Prediction(config, nameof(KDPM2AncestralDiscrete), PredictionType.Epsilon, PredictionType.V);
    }

    protected override PredictionType Prediction { get; }

    public override int SlotCount => 3;

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
            // x ← x + (σ_down − σ)·d + σ_up·z, with the slope d = (x_m − x₀)/σ_m at the geometric mean σ_m of σ and σ_down.
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
}
