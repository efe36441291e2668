namespace Darkroom.Diffusion.Schedules.KDiffusion;

/// <summary>
/// σ/σ_max falls by <c>threshold</c> in the first half of the steps, linearly, then along a parabola to zero. Polyak et al. 2024, "Movie Gen",
/// section 3.4.2, as ComfyUI offers it.
/// </summary>
public static class LinearQuadraticLevels
{
    /// <summary>n levels and a zero.</summary>
    public static double[] Make(DiscreteSigmas sigmas, int n, double threshold = 0.025)
    {
        ArgumentNullException.ThrowIfNull(sigmas);
        if (n == 1) return [sigmas.Max, 0];
        int linear = n / 2, quadratic = n - linear;
        double excess = linear - threshold * n;
        double a = excess / (linear * (double)quadratic * quadratic);
        double b = threshold / linear - 2 * excess / ((double)quadratic * quadratic);
        double c = a * linear * linear;
        var result = new double[n + 1];
        for (int i = 0; i < n; i++)
        {
            double gone = i < linear ? i * threshold / linear : a * i * i + b * i + c;
            result[i] = (float)(1 - gone) * (float)sigmas.Max;
        }
        return result;
    }
}
