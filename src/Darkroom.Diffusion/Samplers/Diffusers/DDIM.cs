using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>Denoising diffusion implicit models (Song et al. 2021), equation 12: to x₀ and back along ε, with a share η of the variance drawn anew.</summary>
internal sealed class DDIM : VariancePreservingSampler
{
    private readonly double[] nextBars;
    private readonly Thresholding range;
    private readonly double eta;
    private readonly bool clippedDirection;

    public DDIM(SamplerConfig config, SamplerRun run)
        : this(config, run, BetaSchedule.AlphasCumprod(config, supportsZeroSnr: true))
    {
    }

    private DDIM(SamplerConfig config, SamplerRun run, float[] alphas)
        : base(TimestepsOf(config, run), run.Steps, alphas,
            ClassOptions.Prediction(config, nameof(DDIM), PredictionType.Epsilon, PredictionType.V, PredictionType.Sample))
    {
        range = ClassOptions.Range(config, clipByDefault: true);
        eta = run.Eta ?? 0;
        clippedDirection = run.UseClippedModelOutput;
        // The step ends one ratio below its timestep, whatever the spacing; under linspace and trailing that is not the next timestep.
        int ratio = (config.NumTrainTimesteps ?? 1000) / run.Steps;
        double final = config.SetAlphaToOne ?? true ? 1 : alphas[0];
        nextBars = [.. Timesteps.Select(t => AlphaBarAt(t - ratio, final))];
    }

    public override int SlotCount => 2;

    public override void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise)
    {
        double bar = AlphaBar(state.Index), next = nextBars[state.Index];
        double deviation = eta * Math.Sqrt((1 - next) / (1 - bar) * (1 - bar / next));

        VariancePreservingPrediction.Denoise(state.Denoised, Prediction, bar, latents, output);
        var epsilon = state.Slot(1);
        // Sample prediction takes its direction from the unclipped x₀.
        VariancePreservingPrediction.Noise(epsilon, Prediction, bar, latents, output, state.Denoised);
        range.Apply(state.Denoised);
        if (clippedDirection)
            VariancePreservingPrediction.NoiseOf(epsilon, bar, latents, state.Denoised);

        Latents.Combine(latents, Math.Sqrt(next), state.Denoised, Math.Sqrt(1 - next - deviation * deviation), epsilon);
        if (eta > 0)
        {
            noise.Normal(epsilon);
            Latents.Add(latents, deviation, epsilon);
        }
        state.Index++;
    }

    private static double[] TimestepsOf(SamplerConfig config, SamplerRun run)
    {
        ClassOptions.NoCustom(run, nameof(DDIM));
        return TimestepSpacing.Whole(config.TimestepSpacing ?? "leading", run.Steps, config.NumTrainTimesteps ?? 1000, config.StepsOffset ?? 0);
    }
}
