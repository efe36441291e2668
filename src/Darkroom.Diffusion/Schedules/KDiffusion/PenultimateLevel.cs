namespace Darkroom.Diffusion.Schedules.KDiffusion;

/// <summary>
/// Some samplers look bad with a last step from σ_min, so programs make the schedule for one step more and drop its last level but one.
/// </summary>
public static class PenultimateLevel
{
    /// <summary>The levels without the last but one.</summary>
    public static double[] Drop(IReadOnlyList<double> levels)
    {
        ArgumentNullException.ThrowIfNull(levels);
        return [.. levels.Take(levels.Count - 2), levels[^1]];
    }
}
