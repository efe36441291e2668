namespace Darkroom.Diffusion.Schedules.KDiffusion;

/// <summary>Levels at evenly spaced timesteps.</summary>
public static class UniformLevels
{
    /// <summary>k-diffusion's own rule, A1111's Uniform and Normal: n timesteps from the last to 0, and a zero.</summary>
    public static double[] Normal(DiscreteSigmas sigmas, int n) => At(sigmas, BetaSchedule.Linspace(sigmas.Count - 1, 0, n));

    /// <summary>ComfyUI's normal: the ends are the training steps nearest to the largest and smallest σ.</summary>
    public static double[] ComfyNormal(DiscreteSigmas sigmas, int n)
    {
        ArgumentNullException.ThrowIfNull(sigmas);
        return At(sigmas, BetaSchedule.Linspace(sigmas.NearestTo(sigmas.Max), sigmas.NearestTo(sigmas.Min), n));
    }

    /// <summary>A1111's SGM Uniform: n + 1 timesteps, the last left out, and a zero.</summary>
    public static double[] SgmUniform(DiscreteSigmas sigmas, int n)
    {
        ArgumentNullException.ThrowIfNull(sigmas);
        float start = (float)sigmas.Continuous.TimestepOf(sigmas.Max), end = (float)sigmas.Continuous.TimestepOf(sigmas.Min);
        return At(sigmas, BetaSchedule.Linspace(start, end, n + 1).AsSpan(0, n));
    }

    /// <summary>ComfyUI's sgm_uniform: as A1111's, with rounded ends.</summary>
    public static double[] ComfySgmUniform(DiscreteSigmas sigmas, int n)
    {
        ArgumentNullException.ThrowIfNull(sigmas);
        return At(sigmas, BetaSchedule.Linspace(sigmas.NearestTo(sigmas.Max), sigmas.NearestTo(sigmas.Min), n + 1).AsSpan(0, n));
    }

    private static double[] At(DiscreteSigmas sigmas, ReadOnlySpan<float> timesteps) =>
        Levels.ThenZero(Levels.Of(timesteps, t => (float)sigmas.SigmaAt(t)));
}
