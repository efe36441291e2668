using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>Heun's method: an Euler step to the next level, then the step again with the mean of both slopes. Karras et al. 2022, algorithm 1.</summary>
internal sealed class HeunDiscrete : SecondOrderSampler
{
    private const int Slope = 2;

    private readonly Thresholding range;

    public HeunDiscrete(SamplerConfig config, SamplerRun run)
        : this(Schedule(config, run), config)
    {
    }

    private HeunDiscrete(SigmaSteps steps, SamplerConfig config)
        : base(steps, steps.Timesteps[1..], [.. steps.Sigmas[1..^1]])
    {
        Prediction = ClassOptions.Prediction(config, nameof(HeunDiscrete), PredictionType.Epsilon, PredictionType.V, PredictionType.Sample);
        range = ClassOptions.Range(config, clipByDefault: false, canThreshold: false);
    }

    protected override PredictionType Prediction { get; }

    public override int SlotCount => 3;

    public override void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise)
    {
        var (from, to) = Ends(state.Index);
        double level = Level(state.Index);
        SigmaSpacePrediction.Denoise(state.Denoised, Prediction, level, latents, output);
        range.Apply(state.Denoised);
        if (IsFirst(state.Index))
        {
            latents.CopyTo(state.Slot(Origin));
            Latents.Slope(state.Slot(Slope), latents, state.Denoised, from);
            Latents.Move(latents, from, to, state.Denoised);
        }
        else
        {
            // x ← x + (σ′ − σ)·(d + d′)/2, with the slopes d = (x − x₀)/σ at the origin and d′ = (x′ − x₀′)/σ′ at the trial point.
            double half = (to - from) / 2;
            Latents.Slope(latents, latents, state.Denoised, to);
            Latents.Combine(latents, 1, state.Slot(Origin), half, state.Slot(Slope), half, latents);
        }
        state.Index++;
    }

    private static SigmaSteps Schedule(SamplerConfig config, SamplerRun run)
    {
        ClassOptions.NoCustom(run, nameof(HeunDiscrete), timesteps: false);
        config = ClassOptions.StableDiffusionBetas(config);
        return SigmaSteps.Make(config, run, BetaSchedule.AlphasCumprod(config));
    }
}
