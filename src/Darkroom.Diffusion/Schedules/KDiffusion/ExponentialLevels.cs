namespace Darkroom.Diffusion.Schedules.KDiffusion;

/// <summary>Rules that fall in log σ.</summary>
public static class ExponentialLevels
{
    /// <summary>log σ falls linearly: n levels and a zero.</summary>
    public static double[] Make(int n, double min, double max) =>
        Levels.ThenZero(Levels.Of(BetaSchedule.Linspace((float)Math.Log(max), (float)Math.Log(min), n), log => (float)Math.Exp(log)));

    /// <summary>log σ falls with the power ρ of the way left: n levels and a zero.</summary>
    public static double[] Polynomial(int n, double min, double max, double rho = 1)
    {
        float span = (float)(Math.Log(max) - Math.Log(min)), bottom = (float)Math.Log(min);
        return Levels.ThenZero(Levels.Of(
            BetaSchedule.Linspace(1, 0, n), ramp => (float)Math.Exp(Float32Power.Of(ramp, rho) * span + bottom)));
    }
}
