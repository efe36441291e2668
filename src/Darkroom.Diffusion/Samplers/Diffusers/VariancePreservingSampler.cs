using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>A rule over x = √ᾱ·x₀ + √(1 − ᾱ)·ε with whole timesteps, each of which has its ᾱ from training.</summary>
internal abstract class VariancePreservingSampler : TableSampler
{
    private readonly float[] alphasCumprod;

    /// <param name="timesteps">One per call, whole.</param>
    /// <param name="steps">Steps as the caller counts them.</param>
    /// <param name="alphasCumprod">ᾱ of every training timestep.</param>
    /// <param name="prediction">What the network answers with.</param>
    /// <exception cref="NotSupportedException">A timestep lies outside training, or carries no signal that epsilon could be divided out of.</exception>
    protected VariancePreservingSampler(double[] timesteps, int steps, float[] alphasCumprod, PredictionType prediction)
        : base(timesteps, [], steps)
    {
        this.alphasCumprod = alphasCumprod;
        Prediction = prediction;
        foreach (double t in timesteps)
        {
            if (t < 0 || t >= alphasCumprod.Length)
                throw new NotSupportedException($"Timestep {t} lies outside the {alphasCumprod.Length} of training; see steps_offset and num_train_timesteps.");
            if (alphasCumprod[(int)t] == 0 && prediction == PredictionType.Epsilon)
                throw new NotSupportedException(
                    $"rescale_betas_zero_snr leaves no signal at timestep {t}, and prediction_type 'epsilon' divides by it; use v_prediction or sample.");
        }
    }

    protected PredictionType Prediction { get; }

    public override void AddNoise(Span<float> latents, ReadOnlySpan<float> noise, int index)
    {
        double bar = AlphaBar(index);
        Latents.Combine(latents, Math.Sqrt(bar), latents, Math.Sqrt(1 - bar), noise);
    }

    public override (double Skip, double Out)? DenoisedFrom(in EvaluationPoint point, SamplerState state)
    {
        double bar = AlphaBar(state.Index);
        var mix = OutputMix.Denoised(Prediction, new(Math.Sqrt(bar), Math.Sqrt(1 - bar), Lambda: 0), point.Sigma);
        return (mix.Latents, mix.Output);
    }

    /// <summary>ᾱ of a call.</summary>
    protected double AlphaBar(int index) => alphasCumprod[(int)Timesteps[index]];

    /// <summary>ᾱ of a timestep, or <paramref name="final"/> where it lies before the first.</summary>
    protected double AlphaBarAt(double timestep, double final) => timestep >= 0 ? alphasCumprod[(int)timestep] : final;

    /// <summary>The σ of x/√ᾱ = x₀ + σ·ε.</summary>
    protected override double Level(int index) => Math.Sqrt((1 - AlphaBar(index)) / AlphaBar(index));
}
