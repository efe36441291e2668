namespace Darkroom.Diffusion.Guidance;

/// <summary>
/// The share of a run during which guidance acts (Kynkäänniemi et al. 2024): early steps lose variety by it, late ones gain nothing. Outside,
/// the prompt's output is taken as it is, at half the work.
/// </summary>
/// <param name="From">Share of the steps at which guidance begins, 0…1.</param>
/// <param name="To">Share of the steps at which it ends.</param>
/// <param name="IncludesEnd">Whether a step exactly at <paramref name="To"/> is guided too; the native API's interval is half-open.</param>
public readonly record struct GuidanceInterval(double From, double To, bool IncludesEnd = false)
{
    /// <summary>Every step.</summary>
    public static GuidanceInterval Whole { get; } = new(0, 1);

    /// <summary>Whether step <paramref name="step"/> (from 0) of <paramref name="steps"/> is guided.</summary>
    public bool Guides(int step, int steps)
    {
        double share = (double)step / steps;
        return From <= share && (share < To || IncludesEnd && share == To);
    }
}
