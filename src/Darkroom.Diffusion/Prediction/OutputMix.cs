using Darkroom.Diffusion.Schedules;

namespace Darkroom.Diffusion.Prediction;

/// <summary>
/// What a network's output says at one noise level, as a mix: Latents · x + Output · out. Every prediction type is linear in both, so a
/// sampler can keep these two numbers per step and forget the type.
/// </summary>
internal readonly record struct OutputMix(double Latents, double Output)
{
    /// <summary>The clean latents x₀.</summary>
    /// <param name="type">What the network was trained to give.</param>
    /// <param name="at">The level of the evaluated point.</param>
    /// <param name="ratio">The level as the schedule lists it (σ/α, for flow σ), which diffusers' flow prediction uses as it is.</param>
    public static OutputMix Denoised(PredictionType type, NoiseLevel at, double ratio) => type switch
    {
        PredictionType.Epsilon => new(1 / at.Alpha, -at.Sigma / at.Alpha),
        PredictionType.V => new(at.Alpha, -at.Sigma),
        PredictionType.Sample => new(0, 1),
        PredictionType.Flow => new(1, -ratio),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>The noise ε.</summary>
    public static OutputMix Noise(PredictionType type, NoiseLevel at) => type switch
    {
        PredictionType.Epsilon => new(0, 1),
        PredictionType.V => new(at.Sigma, at.Alpha),
        PredictionType.Sample => new(1 / at.Sigma, -at.Alpha / at.Sigma),
        PredictionType.Flow => new(1, at.Alpha),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>x₀ under the preconditioning of Karras et al. 2022, table 1: c_skip · x + c_out · out (v: c_out with the other sign).</summary>
    /// <exception cref="NotSupportedException">The type is neither epsilon nor v_prediction.</exception>
    public static OutputMix Preconditioned(PredictionType type, double sigma, double sigmaData)
    {
        double total = sigma * sigma + sigmaData * sigmaData, skip = sigmaData * sigmaData / total, scale = sigma * sigmaData / Math.Sqrt(total);
        return type switch
        {
            PredictionType.Epsilon => new(skip, scale),
            PredictionType.V => new(skip, -scale),
            _ => throw new NotSupportedException($"prediction_type {type} has no preconditioned form; known are epsilon, v_prediction."),
        };
    }

    /// <summary>result ← Latents · x + Output · out</summary>
    public void Apply(Span<float> result, ReadOnlySpan<float> x, ReadOnlySpan<float> output) =>
        Tensors.Latents.Combine(result, Latents, x, Output, output);
}
