using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>
/// Heun's second-order step from σ to σ′, in two evaluations (Karras et al. 2022, algorithm 2), with the slope d = (x − D(x, σ))/σ:
/// <code>
/// x′ = x + (σ′ − σ)·d                     the trial point
/// x ← x + (σ′ − σ)·(d + d′)/2             d′ = (x′ − D(x′, σ′))/σ′
/// </code>
/// </summary>
internal static class HeunStep
{
    /// <summary>To the trial point; the step's start and slope are kept.</summary>
    public static void Try(Span<float> latents, ReadOnlySpan<float> denoised, double from, double to, Span<float> origin, Span<float> slope)
    {
        latents.CopyTo(origin);
        Latents.Combine(slope, 1 / from, latents, -1 / from, denoised);
        Latents.Combine(latents, to / from, latents, 1 - to / from, denoised);
    }

    /// <summary>From the trial point to the step's end; <paramref name="origin"/> is used up.</summary>
    public static void Finish(Span<float> latents, ReadOnlySpan<float> denoised, double from, double to, Span<float> origin, ReadOnlySpan<float> slope)
    {
        double half = (to - from) / 2;
        Latents.Add(origin, half, slope);
        Latents.Combine(latents, half / to, latents, -half / to, denoised, 1, origin);
    }
}
