using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Samplers.Diffusers;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Timesteps;

/// <summary>
/// What A1111's DDIM and PLMS share: a step leads from a timestep to the one before it in the list, so that the first of the list is only arrived at and
/// n entries make n − 1 steps.
/// </summary>
/// <param name="run">The timesteps.</param>
/// <param name="calls">One timestep for each call.</param>
/// <param name="prediction">What the network answers with.</param>
internal abstract class TimestepSampler(TimestepRun run, double[] calls, PredictionType prediction)
    : VariancePreservingSampler(calls, Math.Max(run.Listed.Length - 1, 1), run.AlphasCumprod, prediction)
{
    /// <summary>To the timestep that a run begins at, which img2img takes one entry above the first call's.</summary>
    public sealed override void AddNoise(Span<float> latents, ReadOnlySpan<float> noise, int index)
    {
        double bar = index == 0 ? run.AlphasCumprod[run.Begin] : AlphaBar(index);
        Latents.Combine(latents, Math.Sqrt(bar), latents, Math.Sqrt(1 - bar), noise);
    }

    /// <summary>ᾱ of the timestep that the k-th step starts from, k from 0.</summary>
    protected double Bar(int step) => run.AlphasCumprod[run.Listed[run.Listed.Length - 1 - step]];

    /// <summary>ᾱ of the timestep that it leads to.</summary>
    protected double NextBar(int step) => Bar(step + 1);

    /// <summary>x₀ and the noise that the network's answer to a call means.</summary>
    protected void Read(SamplerState state, ReadOnlySpan<float> output, ReadOnlySpan<float> latents, Span<float> epsilon)
    {
        double bar = AlphaBar(state.Index);
        VariancePreservingPrediction.Denoise(state.Denoised, Prediction, bar, latents, output);
        VariancePreservingPrediction.Noise(epsilon, Prediction, bar, latents, output, state.Denoised);
    }
}
