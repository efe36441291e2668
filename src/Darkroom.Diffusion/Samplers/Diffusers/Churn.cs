using Darkroom.Diffusion.Configuration;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>
/// Karras' churn: before a step whose sigma lies in the range, the noise level is raised by the share min(s_churn/n, √2 − 1) and noise is added
/// for it. A draw is taken only then.
/// </summary>
/// <param name="run">s_churn, s_tmin, s_tmax, s_noise.</param>
/// <param name="count">Entries of the sigma table less one; twice the steps, about, for second-order classes.</param>
internal sealed class Churn(SamplerRun run, int count)
{
    private readonly double share = Math.Min(run.SChurn / count, Math.Sqrt(2) - 1);
    private readonly double noise = run.SNoise ?? 1;

    /// <summary>Whether a draw can be needed at all.</summary>
    public bool Any => share > 0;

    /// <summary>The raised level, or <paramref name="sigma"/> itself.</summary>
    public double Raise(double sigma) => share > 0 && sigma >= run.STmin && sigma <= run.STmax ? sigma * (1 + share) : sigma;

    /// <summary>Factor on the draw.</summary>
    public double NoiseFactor(double sigma, double hat) => noise * Math.Sqrt(hat * hat - sigma * sigma);
}
