namespace Darkroom.Diffusion.Schedules.KDiffusion;

/// <summary>Levels at quantiles of a Beta distribution. Lee et al. 2024, "Beta Sampling is All You Need".</summary>
public static class BetaLevels
{
    /// <summary>ComfyUI: quantiles of the training steps, rounded half to even, equal neighbours dropped, and a zero.</summary>
    public static double[] Comfy(DiscreteSigmas sigmas, int n, double alpha = 0.6, double beta = 0.6)
    {
        ArgumentNullException.ThrowIfNull(sigmas);
        var kept = new List<double>(n);
        int last = -1;
        for (int i = 0; i < n; i++)
        {
            int t = (int)Math.Round(BetaDistribution.Quantile(1 - i * (1.0 / n), alpha, beta) * (sigmas.Count - 1), MidpointRounding.ToEven);
            if (t != last) kept.Add(sigmas.Sigmas[t]);
            last = t;
        }
        return Levels.ThenZero(kept);
    }

    /// <summary>A1111: quantiles of σ itself between its ends, and a zero.</summary>
    public static double[] A1111(DiscreteSigmas sigmas, int n, double alpha = 0.6, double beta = 0.6)
    {
        ArgumentNullException.ThrowIfNull(sigmas);
        return Levels.ThenZero(SigmaRules.Beta(n, sigmas.Min, sigmas.Max, alpha, beta));
    }
}
