using Darkroom.Diffusion.Prediction;

namespace Darkroom.Diffusion.Measuring;

/// <summary>A noise level that a model was trained at, x = α·x₀ + σ·ε, and what its network predicts there.</summary>
/// <param name="Timestep">As the network is told.</param>
/// <param name="Alpha">Factor of the clean latents; above 0.</param>
/// <param name="Sigma">Factor of the unit noise; above 0.</param>
/// <param name="Type">What the network predicts.</param>
public readonly record struct TrainingLevel(double Timestep, double Alpha, double Sigma, PredictionType Type)
{
    /// <summary>σ/α: the noise where the clean latents have their own scale.</summary>
    public double Ratio => Sigma / Alpha;

    /// <summary>x = α·x₀ + σ·ε</summary>
    public void Noised(Span<float> result, ReadOnlySpan<float> clean, ReadOnlySpan<float> noise) =>
        Parameterisation.Noised(result, Alpha, Sigma, clean, noise);

    /// <summary>What the network would answer if it knew: ε, v, x₀ or ε − x₀.</summary>
    public void Target(Span<float> result, ReadOnlySpan<float> clean, ReadOnlySpan<float> noise)
    {
        switch (Type)
        {
            case PredictionType.Epsilon:
                noise.CopyTo(result);
                break;
            case PredictionType.V:
                Parameterisation.Velocity(result, Alpha, Sigma, clean, noise);
                break;
            case PredictionType.Sample:
                clean.CopyTo(result);
                break;
            default:
                Parameterisation.FlowVelocity(result, clean, noise);
                break;
        }
    }

    /// <summary>The noise ε that an answer of the network stands for.</summary>
    /// <param name="result">ε; may be <paramref name="output"/>.</param>
    /// <param name="noised">What the network was shown.</param>
    /// <param name="output">What it answered.</param>
    public void Noise(Span<float> result, ReadOnlySpan<float> noised, ReadOnlySpan<float> output)
    {
        switch (Type)
        {
            case PredictionType.Epsilon:
                output.CopyTo(result);
                break;
            case PredictionType.V:
                Parameterisation.NoiseFromVelocity(result, Alpha, Sigma, noised, output);
                break;
            case PredictionType.Sample:
                Parameterisation.NoiseFromClean(result, Alpha, Sigma, noised, output);
                break;
            default:
                Parameterisation.FlowNoise(result, Sigma, noised, output);
                break;
        }
    }
}
