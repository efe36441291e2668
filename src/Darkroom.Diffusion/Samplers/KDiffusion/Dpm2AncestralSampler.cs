using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>DPM-Solver-2 down below the next level, then ancestral noise up to it.</summary>
internal sealed class Dpm2AncestralSampler : KDiffusionSampler
{
    private const int X = 1;
    private readonly AncestralStep[] steps;

    public Dpm2AncestralSampler(IReadOnlyList<double> sigmas, Denoiser denoiser, KDiffusionOptions options)
        : this(sigmas, denoiser, options, AncestralStep.Table(sigmas, options.Eta ?? 1)) { }

    private Dpm2AncestralSampler(IReadOnlyList<double> sigmas, Denoiser denoiser, KDiffusionOptions options, AncestralStep[] steps)
        : base(sigmas, denoiser, options, Points(sigmas, steps)) => this.steps = steps;

    public override int CallsPerStep => 2;

    /// <summary>0 denoised, 1 x before the step, 2 draw.</summary>
    public override int SlotCount => 3;

    protected override void Move(SamplerState state, in EvaluationPoint call, Span<float> latents, ReadOnlySpan<float> denoised, INoiseSource noise)
    {
        var step = steps[call.Step];
        if (IsInner(state))
        {
            double slope = (step.Down - Sigmas[call.Step]) / call.Sigma;
            Latents.Combine(latents, slope, latents, -slope, denoised, 1, state.Slot(X));
            AddDraw(latents, Options.SNoise * step.Up, state.Slot(2), noise);
        }
        else if (step.Down == 0)
        {
            EulerStep(latents, denoised, call.Sigma, 0);
        }
        else
        {
            latents.CopyTo(state.Slot(X));
            EulerStep(latents, denoised, call.Sigma, Math.Sqrt(call.Sigma * step.Down));
        }
    }

    private static IEnumerable<(int Step, double Sigma)> Points(IReadOnlyList<double> sigmas, AncestralStep[] steps)
    {
        for (int i = 0; i < steps.Length; i++)
        {
            yield return (i, sigmas[i]);
            if (steps[i].Down != 0) yield return (i, Math.Sqrt(sigmas[i] * steps[i].Down));
        }
    }
}
