namespace Darkroom.Diffusion.Schedules;

/// <summary>Noise levels spread between two ends, largest first, without the closing zero. All in double.</summary>
public static class SigmaRules
{
    /// <summary>Karras et al. 2022, equation 5: σ^(1/ρ) falls linearly.</summary>
    public static double[] Karras(int count, double min, double max, double rho = 7)
    {
        double low = Math.Pow(min, 1 / rho), high = Math.Pow(max, 1 / rho);
        return Spread(count, ramp => Math.Pow(high + ramp * (low - high), rho));
    }

    /// <summary>log σ falls linearly.</summary>
    public static double[] Exponential(int count, double min, double max) =>
        Spread(count, ramp => Math.Exp(Math.Log(max) + ramp * (Math.Log(min) - Math.Log(max))));

    /// <summary>log σ falls with the power ρ of the way left: σ = exp((1−r)^ρ · (ln max − ln min) + ln min).</summary>
    public static double[] Polyexponential(int count, double min, double max, double rho = 1) =>
        Spread(count, ramp => Math.Exp(Math.Pow(1 - ramp, rho) * (Math.Log(max) - Math.Log(min)) + Math.Log(min)));

    /// <summary>σ at quantiles of the Beta(α, β) distribution: many steps at both ends. Lee et al. 2024, "Beta Sampling is All You Need".</summary>
    public static double[] Beta(int count, double min, double max, double alpha = 0.6, double beta = 0.6) =>
        Spread(count, ramp => min + BetaDistribution.Quantile(1 - ramp, alpha, beta) * (max - min));

    /// <summary>count values of f at 0, 1/(count−1), …, 1; one value is f(0).</summary>
    internal static double[] Spread(int count, Func<double, double> f)
    {
        var result = new double[count];
        for (int i = 0; i < count; i++)
            result[i] = f(count == 1 ? 0 : (double)i / (count - 1));
        return result;
    }
}
