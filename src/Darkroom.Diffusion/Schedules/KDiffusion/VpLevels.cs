namespace Darkroom.Diffusion.Schedules.KDiffusion;

/// <summary>The continuous variance-preserving process of Song et al. 2021: σ² = exp(β_d t²/2 + β_min t) − 1, t falling from 1.</summary>
public static class VpLevels
{
    /// <summary>n levels and a zero.</summary>
    public static double[] Make(int n, double betaD = 19.9, double betaMin = 0.1, double end = 1e-3) =>
        Levels.ThenZero(Levels.Of(BetaSchedule.Linspace(1, (float)end, n), t =>
        {
            float quadratic = (float)betaD * (t * t) / 2, linear = (float)betaMin * t;
            return MathF.Sqrt((float)Math.Exp(quadratic + linear) - 1);
        }));
}
