using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Prediction;

/// <summary>
/// The formulas between noised latents x, clean latents x₀, noise ε and velocity v, with the factors α and σ of one noise level given.
/// Diffusion: x = α·x₀ + σ·ε, v = α·ε − σ·x₀, α² + σ² = 1 (Salimans and Ho 2022). Rectified flow: x = (1 − σ)·x₀ + σ·ε, v = ε − x₀
/// (Liu et al. 2022). Spans of a call have one length; <c>result</c> may be an argument.
/// </summary>
public static class Parameterisation
{
    /// <summary>x = α·x₀ + σ·ε</summary>
    public static void Noised(Span<float> result, double alpha, double sigma, ReadOnlySpan<float> clean, ReadOnlySpan<float> noise) =>
        Latents.Combine(result, alpha, clean, sigma, noise);

    /// <summary>v = α·ε − σ·x₀</summary>
    public static void Velocity(Span<float> result, double alpha, double sigma, ReadOnlySpan<float> clean, ReadOnlySpan<float> noise) =>
        Latents.Combine(result, alpha, noise, -sigma, clean);

    /// <summary>x₀ = (x − σ·ε) / α, for α &gt; 0.</summary>
    public static void CleanFromNoise(Span<float> result, double alpha, double sigma, ReadOnlySpan<float> noised, ReadOnlySpan<float> noise) =>
        Latents.Combine(result, 1 / alpha, noised, -sigma / alpha, noise);

    /// <summary>x₀ = α·x − σ·v</summary>
    public static void CleanFromVelocity(Span<float> result, double alpha, double sigma, ReadOnlySpan<float> noised, ReadOnlySpan<float> velocity) =>
        Latents.Combine(result, alpha, noised, -sigma, velocity);

    /// <summary>ε = α·v + σ·x</summary>
    public static void NoiseFromVelocity(Span<float> result, double alpha, double sigma, ReadOnlySpan<float> noised, ReadOnlySpan<float> velocity) =>
        Latents.Combine(result, alpha, velocity, sigma, noised);

    /// <summary>ε = (x − α·x₀) / σ, for σ &gt; 0.</summary>
    public static void NoiseFromClean(Span<float> result, double alpha, double sigma, ReadOnlySpan<float> noised, ReadOnlySpan<float> clean) =>
        Latents.Combine(result, 1 / sigma, noised, -alpha / sigma, clean);

    /// <summary>x = (1 − σ)·x₀ + σ·ε</summary>
    public static void FlowNoised(Span<float> result, double sigma, ReadOnlySpan<float> clean, ReadOnlySpan<float> noise) =>
        Latents.Combine(result, 1 - sigma, clean, sigma, noise);

    /// <summary>v = ε − x₀</summary>
    public static void FlowVelocity(Span<float> result, ReadOnlySpan<float> clean, ReadOnlySpan<float> noise) =>
        Latents.Combine(result, 1, noise, -1, clean);

    /// <summary>x₀ = x − σ·v</summary>
    public static void FlowClean(Span<float> result, double sigma, ReadOnlySpan<float> noised, ReadOnlySpan<float> velocity) =>
        Latents.Combine(result, 1, noised, -sigma, velocity);

    /// <summary>ε = x + (1 − σ)·v</summary>
    public static void FlowNoise(Span<float> result, double sigma, ReadOnlySpan<float> noised, ReadOnlySpan<float> velocity) =>
        Latents.Combine(result, 1, noised, 1 - sigma, velocity);
}
