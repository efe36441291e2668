using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>DPM-Solver++(2S) (Lu et al. 2022, algorithm 1) down below the next level, then ancestral noise up to it.</summary>
internal sealed class Dpmpp2SAncestralSampler : KDiffusionSampler
{
    private const int X = 1;
    private readonly AncestralStep[] steps;

    public Dpmpp2SAncestralSampler(IReadOnlyList<double> sigmas, Denoiser denoiser, KDiffusionOptions options)
        : this(sigmas, denoiser, options, AncestralStep.Table(sigmas, options.Eta ?? 1)) { }

    private Dpmpp2SAncestralSampler(IReadOnlyList<double> sigmas, Denoiser denoiser, KDiffusionOptions options, AncestralStep[] steps)
        : base(sigmas, denoiser, options, Points(sigmas, steps)) => this.steps = steps;

    public override int CallsPerStep => 2;

    /// <summary>0 denoised, 1 x before the step, 2 draw.</summary>
    public override int SlotCount => 3;

    protected override void Move(SamplerState state, in EvaluationPoint call, Span<float> latents, ReadOnlySpan<float> denoised, INoiseSource noise)
    {
        var step = steps[call.Step];
        double from = Sigmas[call.Step];
        if (IsInner(state))
        {
            double kept = step.Down / from;
            Latents.Combine(latents, kept, state.Slot(X), 1 - kept, denoised);
        }
        else if (step.Down == 0)
        {
            EulerStep(latents, denoised, from, 0);
        }
        else
        {
            // To the middle in log σ; the exponential integrator's step has the form of Euler's in σ.
            latents.CopyTo(state.Slot(X));
            EulerStep(latents, denoised, from, Math.Sqrt(from * step.Down));
            return;
        }
        if (Sigmas[call.Step + 1] > 0) AddDraw(latents, Options.SNoise * step.Up, state.Slot(2), noise);
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
