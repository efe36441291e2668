using Darkroom.Diffusion.Schedules;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>The four DPM-Solver equations: over ε or over x₀, as an ODE or an SDE.</summary>
internal enum DpmAlgorithm
{
    /// <summary>ε, ODE: Lu et al. 2022, "DPM-Solver".</summary>
    DpmSolver,

    /// <summary>x₀, ODE: Lu et al. 2022, "DPM-Solver++".</summary>
    DpmSolverPlusPlus,

    /// <summary>ε, SDE.</summary>
    SdeDpmSolver,

    /// <summary>x₀, SDE.</summary>
    SdeDpmSolverPlusPlus,
}

/// <summary>
/// Factors of one DPM-Solver step from level s to level t, h = λ_t − λ_s, for the expansion of the model value M about s:
/// x_t = Latents·x_s + Zeroth·D0 + First·D1 + Second·D2 + Noise·z, where D0 = M, D1 and D2 are its divided differences in units of h.
/// First is the exact integral ("heun"); FirstMidpoint the simpler one of the midpoint rule.
/// </summary>
internal readonly record struct DpmStep(double Latents, double Zeroth, double First, double Second, double Noise)
{
    public double FirstMidpoint => Zeroth / 2;

    public static DpmStep Between(DpmAlgorithm algorithm, NoiseLevel s, NoiseLevel t)
    {
        double h = t.Lambda - s.Lambda;
        // A repeated level moves nothing; the integrals below would be 0/0.
        if (h == 0) return new(1, 0, 0, 0, 0);
        switch (algorithm)
        {
            case DpmAlgorithm.DpmSolver:
            {
                double e = Math.Exp(h) - 1;
                return new(t.Alpha / s.Alpha, -t.Sigma * e, -t.Sigma * (e / h - 1), -t.Sigma * ((e - h) / (h * h) - 0.5), 0);
            }
            case DpmAlgorithm.DpmSolverPlusPlus:
            {
                double e = 1 - Math.Exp(-h);
                return new(t.Sigma / s.Sigma, t.Alpha * e, t.Alpha * (1 - e / h), t.Alpha * ((e - h) / (h * h) + 0.5), 0);
            }
            case DpmAlgorithm.SdeDpmSolver:
            {
                double e = Math.Exp(h) - 1;
                return new(t.Alpha / s.Alpha, -2 * t.Sigma * e, -2 * t.Sigma * (e / h - 1), 0, t.Sigma * Root(Math.Exp(2 * h) - 1));
            }
            case DpmAlgorithm.SdeDpmSolverPlusPlus:
            {
                double hh = 2 * h, e = 1 - Math.Exp(-hh);
                return new(
                    t.Sigma / s.Sigma * Math.Exp(-h), t.Alpha * e, t.Alpha * (1 - e / hh), t.Alpha * ((e - hh) / (hh * hh) - 0.5),
                    t.Sigma * Root(e));
            }
            default:
                throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, null);
        }
    }

    // A last level at the lowest sigma may lie a rounding above the one before it.
    private static double Root(double variance) => Math.Sqrt(Math.Max(variance, 0));
}
