using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>DPM-Solver-2 down below the next level, then ancestral noise up to it.</summary>
internal sealed class Dpm2AncestralSampler : KDiffusionSampler
{
    private const int Origin = 1;
    private readonly AncestralStep[] steps;

    public Dpm2AncestralSampler(IReadOnlyList<double> sigmas, Denoiser denoiser, KDiffusionOptions options)
        : this(sigmas, denoiser, options, AncestralStep.Table(sigmas, options.Eta ?? 1)) { }

    private Dpm2AncestralSampler(IReadOnlyList<double> sigmas, Denoiser denoiser, KDiffusionOptions options, AncestralStep[] steps)
        : base(sigmas, denoiser, options, Points(sigmas, steps)) => this.steps = steps;

    public override int CallsPerStep => 2;

    /// <summary>0 denoised, 1 x before the step, 2 draw.</summary>
    public override int SlotCount => 3;

    protected override void Move(SamplerState state, in EvaluationPoint point, Span<float> latents, ReadOnlySpan<float> denoised, INoiseSource noise)
    {
        var step = steps[point.Step];
        if (!IsFirst(state))
        {
            // x ← x + (σ_down − σ)·d + σ_up·z, with the slope d = (x_m − D(x_m, σ_m))/σ_m at σ_m = √(σ·σ_down).
            double slope = (step.Down - Sigmas[point.Step]) / point.Sigma;
            Latents.Combine(latents, slope, latents, -slope, denoised, 1, state.Slot(Origin));
            AddDraw(latents, Options.SNoise * step.Up, state.Slot(2), noise);
        }
        else if (step.Down == 0)
        {
            EulerStep(latents, denoised, point.Sigma, 0);
        }
        else
        {
            latents.CopyTo(state.Slot(Origin));
            EulerStep(latents, denoised, point.Sigma, Math.Sqrt(point.Sigma * step.Down));
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
