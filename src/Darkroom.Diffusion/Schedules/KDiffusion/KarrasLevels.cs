namespace Darkroom.Diffusion.Schedules.KDiffusion;

/// <summary>Karras et al. 2022, equation 5: σ^(1/ρ) falls linearly.</summary>
public static class KarrasLevels
{
    /// <summary>The ends of A1111's option for old Karras sigmas.</summary>
    public const double OldMin = 0.1, OldMax = 10;

    /// <summary>n levels and a zero.</summary>
    public static double[] Make(int n, double min, double max, double rho = 7)
    {
        double low = Math.Pow(min, 1 / rho), high = Math.Pow(max, 1 / rho);
        float span = (float)(low - high), top = (float)high;
        return Levels.ThenZero(Levels.Of(BetaSchedule.Linspace(0, 1, n), ramp => Float32Power.Of(ramp * span + top, rho)));
    }
}
