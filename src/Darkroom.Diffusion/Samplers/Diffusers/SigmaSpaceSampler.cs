using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>A rule over x = x₀ + σ·ε: the network sees x/√(σ² + 1), and pure noise begins at the largest σ.</summary>
/// <param name="timesteps">One per call.</param>
/// <param name="sigmas">As diffusers lists them.</param>
/// <param name="levels">Noise level of the point that each call evaluates.</param>
/// <param name="spacing">Under leading the start counts the signal's own variance too.</param>
/// <param name="steps">Steps as the caller counts them.</param>
internal abstract class SigmaSpaceSampler(double[] timesteps, double[] sigmas, double[] levels, string spacing, int steps)
    : TableSampler(timesteps, sigmas, steps)
{
    private readonly double[] scales = Array.ConvertAll(levels, Scale);

    public override double InitialScale { get; } =
        spacing is "linspace" or "trailing" ? sigmas.Max() : Math.Sqrt(sigmas.Max() * sigmas.Max() + 1);

    /// <summary>What the network answers with.</summary>
    protected abstract PredictionType Prediction { get; }

    public override void AddNoise(Span<float> latents, ReadOnlySpan<float> noise, int index) => Latents.Add(latents, Sigmas[index], noise);

    public override (double Skip, double Out)? DenoisedFrom(in EvaluationPoint point, SamplerState state) =>
        SigmaSpacePrediction.Factors(Prediction, Level(state.Index));

    protected override double InputScale(int index) => scales[index];

    protected override double Level(int index) => levels[index];

    /// <summary>In float32: at the 4096 of zero terminal SNR this is exactly 1/4096, and an input scaled so is exact.</summary>
    private static double Scale(double level)
    {
        float sigma = (float)level;
        return 1 / MathF.Sqrt(sigma * sigma + 1);
    }
}
