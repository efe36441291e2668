using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>
/// Karras et al. 2022, algorithm 2: before a step, noise raises the latents from σ to σ̂ = σ·(1 + γ). k-diffusion draws before every step,
/// also where γ is zero.
/// </summary>
internal abstract class ChurnedSampler(
    IReadOnlyList<double> sigmas, Denoiser denoiser, KDiffusionOptions options, IEnumerable<(int Step, double Sigma)> points)
    : KDiffusionSampler(sigmas, denoiser, options, points)
{
    public sealed override void Start(SamplerState state, Span<float> latents, INoiseSource noise)
    {
        if (Next(state, out var point)) AddChurn(state, point.Step, latents, noise);
    }

    /// <summary>σ̂ of a step.</summary>
    protected static double Raised(IReadOnlyList<double> sigmas, int step, KDiffusionOptions options)
    {
        double sigma = sigmas[step];
        bool churns = (float)options.STmin <= (float)sigma && (float)sigma <= (float)options.STmax;
        double gamma = churns ? Math.Min(options.SChurn / (sigmas.Count - 1), Math.Sqrt(2) - 1) : 0;
        return sigma * (gamma + 1);
    }

    /// <summary>The churn ahead of a step; none after the last one.</summary>
    protected void AddChurn(SamplerState state, int step, Span<float> latents, INoiseSource noise)
    {
        if (step >= Steps) return;
        var draw = state.Slot(SlotCount - 1);
        noise.Normal(draw);
        double sigma = Sigmas[step], raised = Raised(Sigmas, step, Options);
        if (raised > sigma) Latents.Add(latents, Options.SNoise * Math.Sqrt(raised * raised - sigma * sigma), draw);
    }

    protected sealed override double LevelBeforeChurn(in EvaluationPoint point) =>
        point.Sigma == Raised(Sigmas, point.Step, Options) ? Sigmas[point.Step] : point.Sigma;
}
