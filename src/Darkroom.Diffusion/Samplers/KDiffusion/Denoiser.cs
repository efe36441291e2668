using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>
/// How a network becomes k-diffusion's denoiser D(x, σ), with x = x₀ + σ·ε (σ_data = 1; Karras et al. 2022, table 1), or, for straight-path
/// models, x = (1 − σ)·x₀ + σ·ε.
/// </summary>
internal sealed class Denoiser(ISigmaTime time, PredictionType prediction)
{
    public PredictionType Prediction => prediction;

    public EvaluationPoint Call(int step, double sigma) => new(step, time.TimestepOf(sigma), InputScale(sigma), sigma);

    /// <summary>c_in: brings the latents to unit variance; straight-path latents are left as they are.</summary>
    public double InputScale(double sigma) => prediction == PredictionType.Flow ? 1 : 1 / Math.Sqrt(sigma * sigma + 1);

    /// <summary>c_skip and c_out: D = c_skip·x + c_out·output.</summary>
    public (double Skip, double Out) Scalings(double sigma) => prediction switch
    {
        PredictionType.Epsilon or PredictionType.Flow => (1, -sigma),
        PredictionType.V => (1 / (sigma * sigma + 1), -sigma / Math.Sqrt(sigma * sigma + 1)),
        PredictionType.Sample => (0, 1),
        _ => throw new NotSupportedException($"Prediction type {prediction} has no k-diffusion scalings."),
    };

    /// <summary>denoised ← D(x, σ)</summary>
    public void Denoise(double sigma, ReadOnlySpan<float> x, ReadOnlySpan<float> output, Span<float> denoised)
    {
        var (skip, scale) = Scalings(sigma);
        Latents.Combine(denoised, skip, x, scale, output);
    }

    /// <summary>latents ← signal · latents + σ · noise</summary>
    public void AddNoise(Span<float> latents, ReadOnlySpan<float> noise, double sigma) =>
        Latents.Combine(latents, prediction == PredictionType.Flow ? 1 - sigma : 1, latents, sigma, noise);
}
