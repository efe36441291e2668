using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Scheduling;

/// <summary>Where a job stands among others: everything that decides who goes first.</summary>
/// <param name="Age">Seconds since it was accepted.</param>
/// <param name="Remaining">Seconds of a whole device that it still needs, had it the device alone.</param>
/// <param name="Total">The same for the whole of it.</param>
/// <param name="Priority">As it was asked for.</param>
/// <param name="OverShare">Whether its caller has used up the share of this round (<see cref="FairShare.IsOver"/>).</param>
/// <param name="Debt">Seconds that it is behind what a job that waited for so long is due (<see cref="StarvationGuard"/>).</param>
internal readonly record struct Standing(
    double Age, double Remaining, double Total, JobPriority Priority = JobPriority.Normal, bool OverShare = false, double Debt = 0)
{
    public const double MinLength = 1e-6; // a job is never taken for shorter, so that a ratio stays finite

    /// <summary>
    /// Below zero where <paramref name="one"/> goes before <paramref name="other"/>: those that are behind first, the largest debt before all; then callers
    /// within their share; among them the least <see cref="Length"/>, and of equals the oldest.
    /// </summary>
    public static int Compare(in Standing one, in Standing other, SchedulingPolicy policy)
    {
        if (one.Debt != other.Debt) return other.Debt.CompareTo(one.Debt);
        if (one.OverShare != other.OverShare) return one.OverShare ? 1 : -1;
        // A job that runs gets shorter, so it pulls ahead of its equals: rows do not take turns, which would help nobody.
        int order = one.Length(policy).CompareTo(other.Length(policy));
        return order != 0 ? order : other.Age.CompareTo(one.Age);
    }

    /// <summary>
    /// What it is taken for: the seconds that remain over its slowdown, 1 + age / total. Shortest first makes the mean wait the least; divided by what a
    /// further second of waiting costs where waiting for ten times one's own length is worse than ten times waiting for it once (the cost is
    /// the wait and half its square over the length), it is the rule that makes the whole cost least (generalised cμ; van Mieghem, 1995). A job that waits
    /// gets shorter without end, so that long jobs do not starve.
    /// </summary>
    public double Length(SchedulingPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return Judged(policy) / (1 + Math.Max(0, Age) / Math.Max(MinLength, Total));
    }

    private double Judged(SchedulingPolicy policy) => Math.Max(MinLength, Remaining) * Priority switch
    {
        JobPriority.High => 1 / policy.PriorityFactor,
        JobPriority.Low => policy.PriorityFactor,
        _ => 1,
    };
}
