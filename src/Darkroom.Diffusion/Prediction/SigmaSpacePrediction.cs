using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Prediction;

/// <summary>Network output → denoised latents where x = x₀ + σ·ε and the network saw x/√(σ² + 1).</summary>
public static class SigmaSpacePrediction
{
    /// <summary>The factors of x₀ = Skip · x + Out · output.</summary>
    public static (double Skip, double Out) Factors(PredictionType type, double sigma) => type switch
    {
        PredictionType.Epsilon => (1, -sigma),
        PredictionType.V => (1 / (sigma * sigma + 1), -sigma / Math.Sqrt(sigma * sigma + 1)),
        PredictionType.Sample => (0, 1),
        _ => throw new NotSupportedException($"Prediction type {type} has no meaning in sigma space."),
    };

    /// <param name="denoised">Out: x₀.</param>
    /// <param name="type">Epsilon, V or Sample.</param>
    /// <param name="sigma">Noise level of <paramref name="x"/>.</param>
    /// <param name="x">The evaluated point, unscaled.</param>
    /// <param name="output">The network's answer.</param>
    public static void Denoise(Span<float> denoised, PredictionType type, double sigma, ReadOnlySpan<float> x, ReadOnlySpan<float> output)
    {
        switch (type)
        {
            case PredictionType.Epsilon:
                Latents.Combine(denoised, 1, x, -sigma, output);
                break;
            case PredictionType.V:
                // In float32 like diffusers: at the 4096 of zero terminal SNR, x is so large that the factors' last bit shows in the next step.
                float level = (float)sigma, power = level * level + 1;
                Latents.Combine(denoised, 1 / power, x, -level / MathF.Sqrt(power), output);
                break;
            case PredictionType.Sample:
                output.CopyTo(denoised);
                break;
            default:
                throw new NotSupportedException($"Prediction type {type} has no meaning in sigma space.");
        }
    }
}
