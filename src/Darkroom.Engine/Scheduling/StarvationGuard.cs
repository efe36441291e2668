using System.Runtime.InteropServices;

namespace Darkroom.Engine.Scheduling;

/// <summary>
/// Keeps any job from waiting for ever behind those that come after it. A job is late when it has waited for some times what it would take if all jobs took
/// turns evenly. From then on it is due to advance at a share of a device, which the late jobs have in equal parts, and one that is behind that goes before
/// all others until it has caught up. What is due is counted in the job's own progress: a step in a call that others decided on counts like any other.
/// </summary>
/// <remarks>
/// Of n jobs at most, one of length L takes n · L at most when all take turns, and once it is late n · L over the share that late jobs have: it is done within
/// (<see cref="SchedulingPolicy.LateAfterTurns"/> + 1 / <see cref="SchedulingPolicy.LateShare"/>) · n · L, and a call or two.
/// </remarks>
internal sealed class StarvationGuard(SchedulingPolicy policy)
{
    private const double Rounding = 1e-9; // of shares of a job

    private readonly List<Seen> jobs = [];
    private readonly List<double> lengths = [], sums = []; // seconds that jobs still need, the shortest first; and of the first so many together
    private readonly Dictionary<string, Entry> late = [];
    private readonly List<string> gone = [];
    private double now, elapsed;
    private long look;

    /// <summary>Begins a look at all jobs, those that wait and those in flight.</summary>
    /// <param name="seconds">On any clock that only moves forward.</param>
    public void Begin(double seconds)
    {
        (elapsed, now) = (look == 0 ? 0 : Math.Max(0, seconds - now), seconds);
        look++;
        jobs.Clear();
        lengths.Clear();
    }

    /// <summary>Looks at a job.</summary>
    /// <param name="job">Its id.</param>
    /// <param name="standing">Where it stands.</param>
    /// <param name="isHeldUp">Whether it could not run now: its model is being loaded. Nothing becomes due then.</param>
    public void Add(string job, in Standing standing, bool isHeldUp = false)
    {
        jobs.Add(new(job, standing, isHeldUp));
        lengths.Add(standing.Remaining);
    }

    /// <summary>Ends the look, and finds who is late and behind.</summary>
    public void End()
    {
        int sharing = late.Count; // since the last look
        SumLengths();
        foreach (ref readonly var seen in CollectionsMarshal.AsSpan(jobs))
        {
            var standing = seen.Standing;
            double total = Math.Max(Standing.MinLength, standing.Total), left = Math.Min(1, standing.Remaining / total);
            double patience = standing.Priority == Jobs.JobPriority.Low ? policy.PriorityFactor : 1;
            if (standing.Age < patience * policy.LateStretch * total || standing.Age < patience * policy.LateAfterTurns * Turns(total)) continue;
            ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(late, seen.Job, out bool wasLate);
            if (!wasLate) entry.Due = left;
            else if (!seen.IsHeldUp) entry.Due = Math.Max(0, entry.Due - elapsed * policy.LateShare / sharing / total);
            entry.Debt = left > entry.Due + Rounding ? (left - entry.Due) * total : 0;
            entry.Look = look;
        }
        if (late.Count == 0) return;
        gone.Clear();
        foreach (var (job, entry) in late)
            if (entry.Look != look) gone.Add(job);
        foreach (string job in gone) late.Remove(job);
    }

    /// <summary>Seconds of the device that a late job is behind; 0 for all others.</summary>
    public double DebtTo(string job) => late.Count > 0 && late.TryGetValue(job, out var entry) ? entry.Debt : 0;

    private void SumLengths()
    {
        lengths.Sort();
        sums.Clear();
        double sum = 0;
        foreach (double length in lengths) sums.Add(sum += length);
    }

    /// <summary>Seconds until a job would be done if all took turns evenly from now on: nobody holds it up for longer than it takes itself.</summary>
    private double Turns(double total)
    {
        int shorter = lengths.BinarySearch(total);
        if (shorter < 0) shorter = ~shorter;
        return (shorter == 0 ? 0 : sums[shorter - 1]) + (lengths.Count - shorter) * total;
    }

    private readonly record struct Seen(string Job, Standing Standing, bool IsHeldUp);

    /// <param name="Due">Share of the job that may be left now.</param>
    /// <param name="Debt">Seconds that are left beyond it.</param>
    /// <param name="Look">When it was last found late.</param>
    private record struct Entry(double Due, double Debt, long Look);
}
