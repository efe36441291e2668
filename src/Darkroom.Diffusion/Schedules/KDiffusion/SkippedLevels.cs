namespace Darkroom.Diffusion.Schedules.KDiffusion;

/// <summary>Rules that pick training levels by stepping over them.</summary>
public static class SkippedLevels
{
    /// <summary>ComfyUI's and A1111's simple: n levels counted from the largest with step T/n, and a zero.</summary>
    public static double[] Simple(DiscreteSigmas sigmas, int n)
    {
        ArgumentNullException.ThrowIfNull(sigmas);
        double step = (double)sigmas.Count / n;
        var result = new double[n + 1];
        for (int i = 0; i < n; i++)
            result[i] = sigmas.Sigmas[sigmas.Count - 1 - (int)(i * step)];
        return result;
    }

    /// <summary>
    /// ComfyUI's ddim_uniform, A1111's DDIM: every ⌊T/n⌋-th training level from the second one on, and a zero. The count may differ from n.
    /// </summary>
    public static double[] DdimUniform(DiscreteSigmas sigmas, int n)
    {
        ArgumentNullException.ThrowIfNull(sigmas);
        int step = Math.Max(sigmas.Count / n, 1);
        int count = (sigmas.Count - 2) / step + 1;
        var result = new double[count + 1];
        for (int i = 0; i < count; i++)
            result[i] = sigmas.Sigmas[1 + (count - 1 - i) * step];
        return result;
    }
}
