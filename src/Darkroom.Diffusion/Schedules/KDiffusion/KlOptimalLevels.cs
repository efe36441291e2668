namespace Darkroom.Diffusion.Schedules.KDiffusion;

/// <summary>arctan σ falls linearly. Sabour et al. 2024, "Align Your Steps", theorem 3.1.</summary>
public static class KlOptimalLevels
{
    /// <summary>ComfyUI: n levels and a zero. One level, where ComfyUI divides by zero, is the largest.</summary>
    public static double[] Comfy(DiscreteSigmas sigmas, int n)
    {
        ArgumentNullException.ThrowIfNull(sigmas);
        if (n == 1) return [sigmas.Max, 0];
        return Levels.ThenZero(Curve(sigmas, n, n - 1));
    }

    /// <summary>A1111: n + 1 levels that end at the smallest σ, <b>without</b> a zero.</summary>
    public static double[] A1111(DiscreteSigmas sigmas, int n)
    {
        ArgumentNullException.ThrowIfNull(sigmas);
        return Curve(sigmas, n + 1, n);
    }

    private static double[] Curve(DiscreteSigmas sigmas, int count, int parts)
    {
        float low = (float)Math.Atan(sigmas.Min), high = (float)Math.Atan(sigmas.Max);
        var result = new double[count];
        for (int i = 0; i < count; i++)
        {
            float way = (float)i / parts, left = way * low, right = (1 - way) * high;
            result[i] = (float)Math.Tan(left + right);
        }
        return result;
    }
}
