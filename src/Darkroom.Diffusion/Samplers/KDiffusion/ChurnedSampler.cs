using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>
/// Karras et al. 2022, algorithm 2: before a step, noise lifts the latents from σ to σ̂ = σ·(1 + γ). k-diffusion draws before every step,
/// also where γ is zero.
/// </summary>
internal abstract class ChurnedSampler(
    IReadOnlyList<double> sigmas, Denoiser denoiser, KDiffusionOptions options, IEnumerable<(int Step, double Sigma)> points)
    : KDiffusionSampler(sigmas, denoiser, options, points)
{
    public sealed override void Start(SamplerState state, Span<float> latents, INoiseSource noise)
    {
        if (Next(state, out var call)) Disturb(state, call.Step, latents, noise);
    }

    /// <summary>σ̂ of a step.</summary>
    protected static double Lifted(IReadOnlyList<double> sigmas, int step, KDiffusionOptions options)
    {
        double sigma = sigmas[step];
        double gamma = (float)options.STmin <= (float)sigma && (float)sigma <= (float)options.STmax ? Math.Min(options.SChurn / (sigmas.Count - 1), Math.Sqrt(2) - 1) : 0;
        return sigma * (gamma + 1);
    }

    /// <summary>The churn ahead of a step; none after the last one.</summary>
    protected void Disturb(SamplerState state, int step, Span<float> latents, INoiseSource noise)
    {
        if (step >= Steps) return;
        var draw = state.Slot(SlotCount - 1);
        noise.Normal(draw);
        double sigma = Sigmas[step], lifted = Lifted(Sigmas, step, Options);
        if (lifted > sigma) Latents.Add(latents, Options.SNoise * Math.Sqrt(lifted * lifted - sigma * sigma), draw);
    }

    protected sealed override double LevelBeforeChurn(in EvaluationPoint call) =>
        call.Sigma == Lifted(Sigmas, call.Step, Options) ? Sigmas[call.Step] : call.Sigma;
}
