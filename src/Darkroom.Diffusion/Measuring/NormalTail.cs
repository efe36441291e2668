namespace Darkroom.Diffusion.Measuring;

/// <summary>The normal distribution's tail.</summary>
internal static class NormalTail
{
    /// <summary>
    /// The chance of a unit normal value above <paramref name="z"/>, within 8e-8: Abramowitz and Stegun 1964, formula 26.2.17.
    /// </summary>
    public static double Above(double z)
    {
        if (z < 0) return 1 - Above(-z);
        double t = 1 / (1 + 0.2316419 * z);
        double series = t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        return series * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
    }
}
