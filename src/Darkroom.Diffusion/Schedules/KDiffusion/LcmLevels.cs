namespace Darkroom.Diffusion.Schedules.KDiffusion;

/// <summary>
/// A1111's levels for latent consistency models, which know only the 50 levels that their teacher sampled: every 20th, counted from the largest.
/// </summary>
public static class LcmLevels
{
    /// <summary>Steps of the teacher's schedule.</summary>
    public const int TeacherSteps = 50;

    /// <summary>n levels evenly spaced among the teacher's, between two of them linear in log σ, and a zero.</summary>
    public static double[] Make(DiscreteSigmas sigmas, int n) => UniformLevels.Normal(Teacher(sigmas), n);

    /// <summary>The training timestep of the nearest of the teacher's levels: 19, 39, …, 999.</summary>
    public static ISigmaTime Times(DiscreteSigmas sigmas) => new TeacherTime(Teacher(sigmas), Skipped(sigmas));

    private static int Skipped(DiscreteSigmas sigmas) => Math.Max(sigmas.Count / TeacherSteps, 1);

    private static DiscreteSigmas Teacher(DiscreteSigmas sigmas)
    {
        ArgumentNullException.ThrowIfNull(sigmas);
        return sigmas.Every(Skipped(sigmas));
    }

    private sealed class TeacherTime(DiscreteSigmas teacher, int skipped) : ISigmaTime
    {
        public double TimestepOf(double sigma) => teacher.NearestTo(sigma) * skipped + (skipped - 1);
    }
}
