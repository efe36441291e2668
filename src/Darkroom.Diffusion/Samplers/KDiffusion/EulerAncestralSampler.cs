namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>Euler's method with ancestral noise: a step down below the next level, then noise up to it.</summary>
internal sealed class EulerAncestralSampler(IReadOnlyList<double> sigmas, Denoiser denoiser, KDiffusionOptions options)
    : KDiffusionSampler(sigmas, denoiser, options, OneEach(sigmas))
{
    private readonly AncestralStep[] steps = AncestralStep.Table(sigmas, options.Eta ?? 1);

    /// <summary>0 denoised, 1 draw.</summary>
    public override int SlotCount => 2;

    protected override void Move(SamplerState state, in EvaluationPoint call, Span<float> latents, ReadOnlySpan<float> denoised, INoiseSource noise)
    {
        var step = steps[call.Step];
        EulerStep(latents, denoised, call.Sigma, step.Down);
        if (Sigmas[call.Step + 1] > 0) AddDraw(latents, Options.SNoise * step.Up, state.Slot(1), noise);
    }
}
