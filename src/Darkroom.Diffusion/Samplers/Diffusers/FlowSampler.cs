using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>A rule over straight paths x = (1 − σ)·x₀ + σ·ε whose network answers with the velocity ε − x₀.</summary>
internal abstract class FlowSampler(double[] timesteps, double[] sigmas, int steps) : TableSampler(timesteps, sigmas, steps)
{
    public override void AddNoise(Span<float> latents, ReadOnlySpan<float> noise, int index) =>
        Latents.Combine(latents, 1 - Sigmas[index], latents, Sigmas[index], noise);

    public override (double Skip, double Out)? DenoisedFrom(in EvaluationPoint point, SamplerState state) => (1, -point.Sigma);

    protected override double Level(int index) => Sigmas[index];
}
