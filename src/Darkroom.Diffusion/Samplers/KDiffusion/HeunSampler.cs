namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>Heun's method: an Euler step for trial, then the mean of the slopes at both ends. Karras et al. 2022, algorithm 2.</summary>
internal sealed class HeunSampler(IReadOnlyList<double> sigmas, Denoiser denoiser, KDiffusionOptions options)
    : ChurnedSampler(sigmas, denoiser, options, Points(sigmas, options))
{
    private const int Origin = 1, Slope = 2;

    public override int CallsPerStep => 2;

    /// <summary>0 denoised, 1 x before the step, 2 its slope, then the draw.</summary>
    public override int SlotCount => 3;

    protected override void Move(SamplerState state, in EvaluationPoint point, Span<float> latents, ReadOnlySpan<float> denoised, INoiseSource noise)
    {
        Span<float> origin = state.Slot(Origin), slope = state.Slot(Slope);
        double from = Raised(Sigmas, point.Step, Options), to = Sigmas[point.Step + 1];
        if (!IsFirst(state))
        {
            HeunStep.Finish(latents, denoised, from, to, origin, slope);
        }
        else if (to == 0)
        {
            EulerStep(latents, denoised, from, to);
        }
        else
        {
            HeunStep.Try(latents, denoised, from, to, origin, slope);
            return;
        }
        AddChurn(state, point.Step + 1, latents, noise);
    }

    private static IEnumerable<(int Step, double Sigma)> Points(IReadOnlyList<double> sigmas, KDiffusionOptions options)
    {
        for (int i = 0; i < sigmas.Count - 1; i++)
        {
            yield return (i, Raised(sigmas, i, options));
            if (sigmas[i + 1] != 0) yield return (i, sigmas[i + 1]);
        }
    }
}
