using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Timesteps;

/// <summary>DDIM (Song et al. 2021, equation 12) as A1111 runs it.</summary>
internal sealed class TimestepDdim(TimestepRun run, PredictionType prediction, double eta)
    : TimestepSampler(run, [.. run.Listed.Skip(1).Reverse().Select(t => (double)t)], prediction)
{
    /// <summary>0 denoised, 1 noise, then the draw.</summary>
    public override int SlotCount => 2;

    public override void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise)
    {
        var epsilon = state.Slot(1);
        Read(state, output, latents, epsilon);
        double bar = Bar(state.Index), next = NextBar(state.Index);
        double deviation = eta * Math.Sqrt((1 - next) / (1 - bar) * (1 - bar / next));

        // x ← √ᾱ′·x₀ + √(1 − ᾱ′ − s²)·ε + s·z, with s² = η²·(1 − ᾱ′)/(1 − ᾱ)·(1 − ᾱ/ᾱ′).
        Latents.Combine(latents, Math.Sqrt(next), state.Denoised, Math.Sqrt(1 - next - deviation * deviation), epsilon);
        if (eta > 0)
        {
            noise.Normal(epsilon);
            Latents.Add(latents, deviation, epsilon);
        }
        state.Index++;
    }
}
