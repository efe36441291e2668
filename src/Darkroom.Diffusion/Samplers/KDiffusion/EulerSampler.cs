namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>Euler's method on the probability flow. Karras et al. 2022, algorithm 2 without its correction.</summary>
internal sealed class EulerSampler(IReadOnlyList<double> sigmas, Denoiser denoiser, KDiffusionOptions options)
    : ChurnedSampler(sigmas, denoiser, options, Points(sigmas, options))
{
    /// <summary>0 denoised, 1 draw.</summary>
    public override int SlotCount => 2;

    protected override void Move(SamplerState state, in EvaluationPoint call, Span<float> latents, ReadOnlySpan<float> denoised, INoiseSource noise)
    {
        EulerStep(latents, denoised, call.Sigma, Sigmas[call.Step + 1]);
        Disturb(state, call.Step + 1, latents, noise);
    }

    private static IEnumerable<(int Step, double Sigma)> Points(IReadOnlyList<double> sigmas, KDiffusionOptions options) =>
        OneEach(sigmas).Select(point => (point.Step, Lifted(sigmas, point.Step, options)));
}
