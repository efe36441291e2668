using System.Runtime.InteropServices;

namespace Darkroom.Engine.Scheduling;

/// <summary>A job that waits to be let in.</summary>
/// <param name="Standing">Where it stands.</param>
/// <param name="Rows">Its pictures.</param>
/// <param name="Call">The network that most of its work is.</param>
/// <param name="Lanes">Evaluations of one of its rows in a call.</param>
/// <param name="Bytes">Memory that its rows need beyond the weights.</param>
public readonly record struct WaitingJob(Standing Standing, int Rows, CallShape Call, int Lanes, long Bytes);

/// <summary>A row that is in flight, as far as admission goes.</summary>
public readonly record struct FlyingRow(Standing Standing, CallShape Call);

/// <summary>What admission may know.</summary>
public sealed class AdmissionView
{
    public List<WaitingJob> Waiting { get; } = [];

    /// <summary>Rows in flight that are ready or in calls; those whose model is still being loaded hold nobody up and do not count.</summary>
    public List<FlyingRow> Flying { get; } = [];

    /// <summary>Rows in flight, all of them.</summary>
    public int RowsInFlight { get; set; }

    /// <summary>Most rows in flight, those that pause included.</summary>
    public int MostRows { get; set; } = 32;

    /// <summary>Memory that rows in flight may still take.</summary>
    public long FreeBytes { get; set; } = long.MaxValue;

    /// <summary>Share of the devices that is asked for (<see cref="OfferedLoad"/>): 0…0.9.</summary>
    public double Load { get; set; }

    /// <summary>Devices that share the work.</summary>
    public int Devices { get; set; } = 1;

    /// <summary>Narrow calls side by side on each of them.</summary>
    public int Threads { get; set; } = 1;
}

/// <summary>
/// Decides which waiting jobs are let in: those that would run at the next step, because there is room beside the rows in flight, or because they stand
/// before rows that run. Rows they stand before pause; whoever would only wait inside waits outside, where it can be seen and counted.
/// </summary>
public sealed class JobAdmission(ICallCosts costs, SchedulingPolicy policy)
{
    private readonly List<int> order = [];
    private readonly List<Standing> flying = [];
    private readonly Dictionary<(CallShape Call, int Lanes), int> atOnce = [];
    private List<WaitingJob> waiting = []; // of the view that is decided on
    private Comparison<int>? byStanding;
    private Comparison<Standing>? flyingByStanding;

    /// <summary>Indices into <see cref="AdmissionView.Waiting"/> of the jobs to let in, in order, appended to <paramref name="admitted"/>.</summary>
    public void Decide(AdmissionView view, List<int> admitted)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(admitted);
        if (view.Waiting.Count == 0) return;
        Line(view);

        int rows = view.RowsInFlight, most = Most(view);
        long free = view.FreeBytes;
        int before = 0, passed = 0; // rows that stand before the job: those let in just now, and those in flight that it does not overtake
        foreach (int index in order)
        {
            var job = view.Waiting[index];
            // A job larger than what is allowed comes in when it is alone, else never would; and nobody slips past it.
            if (rows > 0 && (rows + job.Rows > view.MostRows || job.Bytes > free)) return;
            for (; passed < flying.Count && Standing.Compare(flying[passed], job.Standing, policy) <= 0; passed++) before++;
            if (before >= most) return;
            if (before >= AtOnce(job, view)) continue; // a later one may be of a kind that has room
            admitted.Add(index);
            rows += job.Rows;
            before += job.Rows;
            free -= job.Bytes;
        }
    }

    /// <summary>Jobs and rows by standing.</summary>
    private void Line(AdmissionView view)
    {
        order.Clear();
        for (int i = 0; i < view.Waiting.Count; i++) order.Add(i);
        waiting = view.Waiting;
        order.Sort(byStanding ??= Compare);
        flying.Clear();
        foreach (ref readonly var row in CollectionsMarshal.AsSpan(view.Flying)) flying.Add(row.Standing);
        flying.Sort(flyingByStanding ??= (one, other) => Standing.Compare(one, other, policy));
        atOnce.Clear();
    }

    private int Compare(int one, int other)
    {
        int before = Standing.Compare(waiting[one].Standing, waiting[other].Standing, policy);
        return before != 0 ? before : one.CompareTo(other);
    }

    /// <summary>Rows that all devices run at once at most.</summary>
    private int Most(AdmissionView view) => view.Devices * policy.MaxBatch * Math.Max(1, view.Threads);

    /// <summary>Rows of a job's kind that all devices would run at once, were all of them let in.</summary>
    private int AtOnce(in WaitingJob job, AdmissionView view)
    {
        if (atOnce.TryGetValue((job.Call, job.Lanes), out int known)) return known;
        int alike = 0, together = view.Flying.Count;
        foreach (ref readonly var row in CollectionsMarshal.AsSpan(view.Flying))
            if (row.Call == job.Call) alike++;
        foreach (ref readonly var other in CollectionsMarshal.AsSpan(view.Waiting))
        {
            together += other.Rows;
            if (other.Call == job.Call) alike += other.Rows;
        }
        alike = Math.Min(alike, policy.MaxBatch);
        Span<int> lanes = stackalloc int[alike];
        for (int i = 0; i < alike; i++) lanes[i] = (i + 1) * job.Lanes;
        var choice = BatchChoice.Best(costs, policy, job.Call, lanes, together, view.Load, view.Threads, tries: false);
        int rows = view.Devices * choice.AtOnce;
        if (BatchChoice.Best(costs, policy, job.Call, lanes, together, view.Load, view.Threads, tries: true) is var tried && tried != choice)
            rows += tried.Rows; // so that there is something to try it with, beside those in calls
        atOnce[(job.Call, job.Lanes)] = rows;
        return rows;
    }
}
