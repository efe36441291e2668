using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>
/// DPM-Solver-2 in the frame of Karras et al. 2022, algorithm 2: the slope of the whole step is the one at its geometric middle.
/// </summary>
internal sealed class Dpm2Sampler(IReadOnlyList<double> sigmas, Denoiser denoiser, KDiffusionOptions options)
    : ChurnedSampler(sigmas, denoiser, options, Points(sigmas, options))
{
    private const int X = 1;

    public override int CallsPerStep => 2;

    /// <summary>0 denoised, 1 x before the step, 2 draw.</summary>
    public override int SlotCount => 3;

    protected override void Move(SamplerState state, in EvaluationPoint call, Span<float> latents, ReadOnlySpan<float> denoised, INoiseSource noise)
    {
        double from = Lifted(Sigmas, call.Step, Options), to = Sigmas[call.Step + 1];
        if (IsInner(state))
        {
            double slope = (to - from) / call.Sigma;
            Latents.Combine(latents, slope, latents, -slope, denoised, 1, state.Slot(X));
        }
        else if (to == 0)
        {
            EulerStep(latents, denoised, from, to);
        }
        else
        {
            latents.CopyTo(state.Slot(X));
            EulerStep(latents, denoised, from, Math.Sqrt(from * to));
            return;
        }
        Disturb(state, call.Step + 1, latents, noise);
    }

    private static IEnumerable<(int Step, double Sigma)> Points(IReadOnlyList<double> sigmas, KDiffusionOptions options)
    {
        for (int i = 0; i < sigmas.Count - 1; i++)
        {
            double from = Lifted(sigmas, i, options);
            yield return (i, from);
            if (sigmas[i + 1] != 0) yield return (i, Math.Sqrt(from * sigmas[i + 1]));
        }
    }
}
