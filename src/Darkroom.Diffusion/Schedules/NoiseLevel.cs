namespace Darkroom.Diffusion.Schedules;

/// <summary>
/// A noise level as the DPM-Solver papers write it: x = α·x₀ + σ·ε, and the half log-SNR λ = ln α − ln σ, in which the diffusion ODE is linear.
/// Without noise λ is +∞.
/// </summary>
/// <param name="Alpha">Factor of the clean latents.</param>
/// <param name="Sigma">Factor of the unit noise.</param>
/// <param name="Lambda">ln(Alpha / Sigma), rising while noise falls.</param>
internal readonly record struct NoiseLevel(double Alpha, double Sigma, double Lambda)
{
    /// <summary>α² + σ² = 1, from the ratio σ/α that schedules list.</summary>
    public static NoiseLevel VariancePreserving(double ratio)
    {
        double alpha = 1 / Math.Sqrt(ratio * ratio + 1);
        return new(alpha, ratio * alpha, -Math.Log(ratio));
    }

    /// <summary>α = 1: the noise is added on top.</summary>
    public static NoiseLevel VarianceExploding(double sigma) => new(1, sigma, -Math.Log(sigma));

    /// <summary>α + σ = 1: the straight path of rectified flow.</summary>
    public static NoiseLevel Flow(double sigma) => new(1 - sigma, sigma, Math.Log(1 - sigma) - Math.Log(sigma));
}
