using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Prediction;

/// <summary>Network output → denoised latents and noise where x = √ᾱ·x₀ + √(1 − ᾱ)·ε.</summary>
public static class VariancePreservingPrediction
{
    /// <summary>x₀ from the network's answer at <paramref name="x"/>.</summary>
    /// <param name="denoised">Out: x₀.</param>
    /// <param name="type">Epsilon, V or Sample.</param>
    /// <param name="alphaBar">ᾱ of the evaluated timestep; not 0 for epsilon.</param>
    /// <param name="x">The evaluated point.</param>
    /// <param name="output">The network's answer.</param>
    public static void Denoise(Span<float> denoised, PredictionType type, double alphaBar, ReadOnlySpan<float> x, ReadOnlySpan<float> output)
    {
        double signal = Math.Sqrt(alphaBar), noise = Math.Sqrt(1 - alphaBar);
        switch (type)
        {
            case PredictionType.Epsilon:
                Latents.Combine(denoised, 1 / signal, x, -noise / signal, output);
                break;
            case PredictionType.V:
                Latents.Combine(denoised, signal, x, -noise, output);
                break;
            case PredictionType.Sample:
                output.CopyTo(denoised);
                break;
            default:
                throw new NotSupportedException($"Prediction type {type} has no meaning on a variance-preserving path.");
        }
    }

    /// <summary>ε from the network's answer; <paramref name="denoised"/> is read for Sample only. The result may lie in <paramref name="x"/>.</summary>
    public static void Noise(
        Span<float> epsilon, PredictionType type, double alphaBar, ReadOnlySpan<float> x, ReadOnlySpan<float> output, ReadOnlySpan<float> denoised)
    {
        switch (type)
        {
            case PredictionType.Epsilon:
                output.CopyTo(epsilon);
                break;
            case PredictionType.V:
                Latents.Combine(epsilon, Math.Sqrt(1 - alphaBar), x, Math.Sqrt(alphaBar), output);
                break;
            default:
                NoiseOf(epsilon, alphaBar, x, denoised);
                break;
        }
    }

    /// <summary>The ε that leads from <paramref name="denoised"/> to <paramref name="x"/>.</summary>
    public static void NoiseOf(Span<float> epsilon, double alphaBar, ReadOnlySpan<float> x, ReadOnlySpan<float> denoised)
    {
        double noise = Math.Sqrt(1 - alphaBar);
        Latents.Combine(epsilon, 1 / noise, x, -Math.Sqrt(alphaBar) / noise, denoised);
    }
}
