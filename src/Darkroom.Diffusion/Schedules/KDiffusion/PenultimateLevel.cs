namespace Darkroom.Diffusion.Schedules.KDiffusion;

/// <summary>
/// Some samplers look bad with a last step from σ_min, so programs make the schedule for one step more and drop its last level but one.
/// </summary>
public static class PenultimateLevel
{
    /// <summary>Whether a program does so for a sampler.</summary>
    public static bool IsDropped(string sampler, SigmaConvention convention) => sampler switch
    {
        "dpm_2" or "dpm_2_ancestral" or "unipc" => true,
        "dpmpp_3m_sde" => convention == SigmaConvention.A1111,
        _ => false,
    };

    /// <summary>The levels without the last but one.</summary>
    public static double[] Drop(IReadOnlyList<double> levels)
    {
        ArgumentNullException.ThrowIfNull(levels);
        return [.. levels.Take(levels.Count - 2), levels[^1]];
    }
}
