using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Scheduling;

/// <summary>Where a job stands among others: everything that decides who goes first.</summary>
/// <param name="Age">Seconds since it was accepted.</param>
/// <param name="Remaining">Seconds of a whole device that it still needs, had it the device alone.</param>
/// <param name="Total">The same for the whole of it.</param>
/// <param name="Priority">As it was asked for.</param>
/// <param name="OverShare">Whether its caller has used up the share of this round.</param>
public readonly record struct Standing(double Age, double Remaining, double Total, JobPriority Priority = JobPriority.Normal, bool OverShare = false)
{
    private const double Least = 1e-6; // a job is never taken for shorter, so that a ratio stays finite

    /// <summary>
    /// Below zero where <paramref name="one"/> goes before <paramref name="other"/>: callers within their share first; among them jobs that are
    /// overdue, the one that has waited longest for its length first; else the shortest remaining first, which makes the mean wait the least.
    /// </summary>
    public static int Compare(in Standing one, in Standing other, SchedulingPolicy policy)
    {
        if (one.OverShare != other.OverShare) return one.OverShare ? 1 : -1;
        bool overdue = one.IsOverdue(policy);
        if (overdue != other.IsOverdue(policy)) return overdue ? -1 : 1;
        // A job that runs gets shorter, so by either measure it pulls ahead of its equals: rows do not take turns, which would help nobody.
        int order = overdue
            ? other.Ratio(policy).CompareTo(one.Ratio(policy))
            : one.Judged(one.Remaining, policy).CompareTo(other.Judged(other.Remaining, policy));
        return order != 0 ? order : other.Age.CompareTo(one.Age);
    }

    /// <summary>Whether it has taken so long for its length that shorter ones must wait.</summary>
    public bool IsOverdue(SchedulingPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return Age > policy.OverdueAfter * Judged(Total, policy);
    }

    /// <summary>(wait + need) / need, which grows for whoever waits, fastest for the short.</summary>
    private double Ratio(SchedulingPolicy policy) => 1 + Age / Judged(Remaining, policy);

    private double Judged(double seconds, SchedulingPolicy policy) => Math.Max(Least, seconds) * Priority switch
    {
        JobPriority.High => 1 / policy.PriorityFactor,
        JobPriority.Low => policy.PriorityFactor,
        _ => 1,
    };
}
