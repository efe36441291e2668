namespace Darkroom.Engine.Scheduling;

/// <summary>
/// How much work comes, as a share of what the devices can do: 1 where they are just kept busy with every call at its best. From the last jobs
/// that were accepted, so it follows the day without a time constant, and falls while nothing comes.
/// </summary>
internal sealed class OfferedLoad
{
    private const int Window = 32, MinJobs = 8; // enough that chance makes no more than a fifth of it; before some jobs came nothing is known

    /// <summary>Beyond this a load is overload, and how far beyond makes no difference.</summary>
    private const double Max = 0.9;

    private readonly Queue<(double At, double Seconds)> jobs = new(Window + 1);
    private double sum;

    /// <summary>Records a job that was accepted.</summary>
    /// <param name="at">Seconds on any clock that only moves forward.</param>
    /// <param name="seconds">What it takes of all devices together where every call is at its best (<see cref="BatchChoice.MinSeconds"/>).</param>
    public void Add(double at, double seconds)
    {
        jobs.Enqueue((at, seconds));
        sum += seconds;
        if (jobs.Count > Window) sum -= jobs.Dequeue().Seconds;
    }

    /// <summary>Mean length of those jobs in seconds; 0 where none came.</summary>
    public double JobSeconds => jobs.Count == 0 ? 0 : sum / jobs.Count;

    /// <summary>The load now: 0…0.9.</summary>
    public double At(double now)
    {
        if (jobs.Count < MinJobs) return 0;
        var (since, first) = jobs.Peek();
        return Math.Clamp((sum - first) / Math.Max(now - since, 1e-9), 0, Max);
    }

    /// <summary>
    /// Rows that a second lost now makes wait a second longer: those that wait and, because the device has the less idle time to catch up the higher
    /// the load, those that will come before it has caught up.
    /// </summary>
    public static double Delayed(int waiting, double load) => waiting / (1 - load);
}
