using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>
/// DPM-Solver++ (Lu et al. 2022) of the second order as a stochastic equation: both the way to the inner point and the whole step are ancestral,
/// with noise of one Brownian path.
/// </summary>
internal sealed class DpmppSdeSampler(IReadOnlyList<double> sigmas, Denoiser denoiser, KDiffusionOptions options)
    : KDiffusionSampler(sigmas, denoiser, options, Points(sigmas, options.R))
{
    private const int Kept = 1, Draw = 2;
    private readonly double eta = options.Eta ?? 1;

    public override int CallsPerStep => 2;

    /// <summary>0 denoised, 1 what the whole step keeps of its first call, 2 draw.</summary>
    public override int SlotCount => 3;

    protected override void Move(SamplerState state, in EvaluationPoint call, Span<float> latents, ReadOnlySpan<float> denoised, INoiseSource noise)
    {
        double from = Sigmas[call.Step], to = Sigmas[call.Step + 1];
        if (to == 0)
        {
            EulerStep(latents, denoised, from, to);
            return;
        }
        var whole = AncestralStep.Of(from, to, eta);
        double remains = whole.Down / from, share = 1 / (2 * Options.R), asked = Float32Log.Round(from);
        if (IsInner(state))
        {
            Latents.Combine(latents, 1, state.Slot(Kept), (1 - remains) * share, denoised);
            AddIncrement(latents, Options.SNoise * whole.Up, asked, Float32Log.Round(to), state.Slot(Draw), noise);
            return;
        }
        Latents.Combine(state.Slot(Kept), remains, latents, (1 - remains) * (1 - share), denoised);
        double inner = Inner(from, to, Options.R);
        var part = AncestralStep.Of(from, inner, eta);
        EulerStep(latents, denoised, from, part.Down);
        AddIncrement(latents, Options.SNoise * part.Up, asked, inner, state.Slot(Draw), noise);
    }

    /// <summary>σ at the share r of the step in ln σ, as float32 arithmetic gives it.</summary>
    private static double Inner(double from, double to, double r)
    {
        float t = Float32Log.T(from), h = Float32Log.T(to) - t;
        return Float32Log.Sigma(t + h * (float)r);
    }

    private static IEnumerable<(int Step, double Sigma)> Points(IReadOnlyList<double> sigmas, double r)
    {
        for (int i = 0; i < sigmas.Count - 1; i++)
        {
            yield return (i, sigmas[i]);
            if (sigmas[i + 1] != 0) yield return (i, Inner(sigmas[i], sigmas[i + 1], r));
        }
    }
}
