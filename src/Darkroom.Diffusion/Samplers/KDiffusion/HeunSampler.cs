using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>Heun's method: an Euler step for trial, then the mean of the slopes at both ends. Karras et al. 2022, algorithm 2.</summary>
internal sealed class HeunSampler(IReadOnlyList<double> sigmas, Denoiser denoiser, KDiffusionOptions options)
    : ChurnedSampler(sigmas, denoiser, options, Points(sigmas, options))
{
    private const int X = 1, D = 2;

    public override int CallsPerStep => 2;

    /// <summary>0 denoised, 1 x before the step, 2 its slope, then the draw.</summary>
    public override int SlotCount => 3;

    protected override void Move(SamplerState state, in EvaluationPoint call, Span<float> latents, ReadOnlySpan<float> denoised, INoiseSource noise)
    {
        Span<float> x = state.Slot(X), d = state.Slot(D);
        double from = Lifted(Sigmas, call.Step, Options), to = Sigmas[call.Step + 1];
        if (IsInner(state))
        {
            double half = (to - from) / 2;
            Latents.Add(x, half, d);
            Latents.Combine(latents, half / to, latents, -half / to, denoised, 1, x);
        }
        else if (to == 0)
        {
            EulerStep(latents, denoised, from, to);
        }
        else
        {
            latents.CopyTo(x);
            Latents.Combine(d, 1 / from, latents, -1 / from, denoised);
            EulerStep(latents, denoised, from, to);
            return;
        }
        Disturb(state, call.Step + 1, latents, noise);
    }

    private static IEnumerable<(int Step, double Sigma)> Points(IReadOnlyList<double> sigmas, KDiffusionOptions options)
    {
        for (int i = 0; i < sigmas.Count - 1; i++)
        {
            yield return (i, Lifted(sigmas, i, options));
            if (sigmas[i + 1] != 0) yield return (i, sigmas[i + 1]);
        }
    }
}
