using System.Runtime.InteropServices;

namespace Darkroom.Engine.Scheduling;

/// <summary>A job that waits to be claimed.</summary>
/// <param name="Standing">Where it stands.</param>
/// <param name="Rows">Its pictures.</param>
/// <param name="Network">The network that is the largest part of its work, at its size.</param>
/// <param name="Lanes">Evaluations of one of its rows in a call.</param>
/// <param name="Bytes">Memory that its rows need beyond the weights.</param>
/// <param name="RunsAlone">Whether it may share the process with no other (<see cref="Jobs.Job.RunsAlone"/>).</param>
internal readonly record struct WaitingJob(Standing Standing, int Rows, CostKey Network, int Lanes, long Bytes, bool RunsAlone = false);

/// <summary>A row in flight, as far as this choice goes.</summary>
internal readonly record struct RowInFlight(Standing Standing, CostKey Network);

/// <summary>What the choice may know.</summary>
internal sealed class ClaimView
{
    public List<WaitingJob> Waiting { get; } = [];

    /// <summary>Rows in flight that are ready or in calls; those whose model is still being loaded hold nobody up and do not count.</summary>
    public List<RowInFlight> InFlight { get; } = [];

    /// <summary>Rows in flight, all of them.</summary>
    public int RowsInFlight { get; set; }

    /// <summary>Jobs in flight, those whose pictures are being stored included.</summary>
    public int JobsInFlight { get; set; }

    /// <summary>Whether the job in flight is one that runs alone.</summary>
    public bool IsAlone { get; set; }

    /// <summary>Maximum of rows in flight, those that pause included.</summary>
    public int MaxRows { get; set; } = 32;

    /// <summary>Memory for rows in flight.</summary>
    public long Bytes { get; set; } = long.MaxValue;

    /// <summary>What of it rows in flight have.</summary>
    public long TakenBytes { get; set; }

    /// <summary>What of that rows of small jobs have.</summary>
    public long SmallBytes { get; set; }

    /// <summary>A part that only small jobs may take, so that large ones in flight lock none of them out.</summary>
    private long Kept => Bytes / 4;

    public bool IsSmall(long bytes) => bytes <= Kept / 4;

    /// <summary>Whether there is memory for a job. One that is larger than all that large ones may have goes when no other large one is there.</summary>
    public bool HasRoom(long bytes) =>
        TakenBytes + Counted(bytes) <= Bytes && (IsSmall(bytes) || TakenBytes - SmallBytes + Counted(bytes) <= Bytes - Kept);

    /// <summary>Whether a small job may pass a large one that waits for memory: what is kept for them does not delay it.</summary>
    public bool MayPass(long bytes) => IsSmall(bytes) && SmallBytes + bytes <= Kept;

    public void Take(long bytes)
    {
        TakenBytes += Counted(bytes);
        if (IsSmall(bytes)) SmallBytes += bytes;
    }

    private long Counted(long bytes) => Math.Min(bytes, Bytes - Kept);

    /// <summary>Share of the devices that is asked for (<see cref="OfferedLoad"/>): 0…0.9.</summary>
    public double Load { get; set; }

    /// <summary>Devices that share the work.</summary>
    public int Devices { get; set; } = 1;

    /// <summary>Narrow calls side by side on each of them.</summary>
    public int Threads { get; set; } = 1;
}

/// <summary>
/// Decides which waiting jobs are claimed: those that would run at the next step, because there is room beside the rows in flight, or because they stand
/// before rows that run. Rows they stand before pause; a job that would only wait in flight waits in the queue, where it can be seen and counted.
/// A job that runs alone is claimed when nothing is in flight, and nothing beside it; when its turn has come, what is in flight runs out for it.
/// </summary>
internal sealed class ClaimChoice(ICallCosts costs, SchedulingPolicy policy)
{
    /// <summary>Seconds that a job which runs alone lets others go before it.</summary>
    public const double AloneAfter = 10;

    /// <summary>Jobs that are named beside those that are wanted: more than a queue moves on while one looks at it.</summary>
    public const int MaxStandIns = 64;

    private readonly List<int> order = [];
    private readonly List<Standing> inFlight = [];
    private readonly Dictionary<(CostKey Network, int Lanes), int> atOnce = [];
    private List<WaitingJob> waiting = []; // of the view that is decided on
    private Comparison<int>? byStanding;
    private Comparison<Standing>? inFlightByStanding;

    /// <summary>Indices into <see cref="ClaimView.Waiting"/> of the jobs to claim, in order, appended to <paramref name="chosen"/>.</summary>
    public void Decide(ClaimView view, List<int> chosen)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(chosen);
        if (view.Waiting.Count == 0 || view.IsAlone) return;
        SortByStanding(view);
        if (FindAlone(view) is { } alone)
        {
            if (view.RowsInFlight + view.JobsInFlight == 0) chosen.Add(alone);
            return; // nobody comes in before what is in flight has ended
        }

        int rows = view.RowsInFlight, max = MaxAtOnce(view);
        bool isHeldUp = false; // whether a job waits for memory
        int before = 0, passed = 0; // rows that stand before the job: those chosen just now, and those in flight that it does not overtake
        foreach (int index in order)
        {
            var job = view.Waiting[index];
            if (job.RunsAlone) continue;
            // A job larger than what is allowed is claimed when it is alone, else never would; and nobody slips past it but small ones, in what is kept for
            // them.
            if (rows > 0 && rows + job.Rows > view.MaxRows) return;
            if (rows > 0 && (isHeldUp ? !view.MayPass(job.Bytes) : isHeldUp = !view.HasRoom(job.Bytes))) continue;
            for (; passed < inFlight.Count && Standing.Compare(inFlight[passed], job.Standing, policy) <= 0; passed++) before++;
            if (before >= max) return;
            if (before >= AtOnce(job, view)) continue; // a later one may be of a kind that has room
            chosen.Add(index);
            rows += job.Rows;
            before += job.Rows;
            view.Take(job.Bytes);
        }
    }

    /// <summary>
    /// Jobs that can stand in for the chosen ones where other processes were quicker: as good for the rows in flight, and next in order. Appended to what
    /// <see cref="Decide"/> chose last.
    /// </summary>
    public void AddStandIns(ClaimView view, List<int> chosen)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(chosen);
        int wanted = chosen.Count, max = wanted + MaxStandIns;
        for (int i = 0; i < order.Count && chosen.Count < max; i++)
        {
            var job = view.Waiting[order[i]];
            bool isAlike = false, isChosen = false;
            for (int k = 0; k < wanted; k++)
            {
                var other = view.Waiting[chosen[k]];
                isChosen |= chosen[k] == order[i];
                isAlike |= job.Network == other.Network && job.Lanes == other.Lanes && job.Rows <= other.Rows && job.Bytes <= other.Bytes
                    && job.RunsAlone == other.RunsAlone && job.Standing.Priority == other.Standing.Priority
                    && job.Standing.OverShare == other.Standing.OverShare;
            }
            if (isAlike && !isChosen) chosen.Add(order[i]);
        }
    }

    /// <summary>A job that runs alone and whose turn it is: it stands before all others, is late, or has waited for long.</summary>
    private int? FindAlone(ClaimView view)
    {
        for (int i = 0; i < order.Count; i++)
            if (view.Waiting[order[i]] is { RunsAlone: true, Standing: var standing } && (i == 0 || standing.Debt > 0 || standing.Age >= AloneAfter))
                return order[i];
        return null;
    }

    /// <summary>Jobs and rows by standing.</summary>
    private void SortByStanding(ClaimView view)
    {
        order.Clear();
        for (int i = 0; i < view.Waiting.Count; i++) order.Add(i);
        waiting = view.Waiting;
        order.Sort(byStanding ??= Compare);
        inFlight.Clear();
        foreach (ref readonly var row in CollectionsMarshal.AsSpan(view.InFlight)) inFlight.Add(row.Standing);
        inFlight.Sort(inFlightByStanding ??= (one, other) => Standing.Compare(one, other, policy));
        atOnce.Clear();
    }

    private int Compare(int one, int other)
    {
        int before = Standing.Compare(waiting[one].Standing, waiting[other].Standing, policy);
        return before != 0 ? before : one.CompareTo(other);
    }

    /// <summary>Maximum of rows that all devices run at once.</summary>
    private int MaxAtOnce(ClaimView view) => view.Devices * policy.MaxBatch * Math.Max(1, view.Threads);

    /// <summary>Rows of a job's kind that all devices would run at once, were all of them claimed.</summary>
    private int AtOnce(in WaitingJob job, ClaimView view)
    {
        if (atOnce.TryGetValue((job.Network, job.Lanes), out int known)) return known;
        int alike = 0, together = view.InFlight.Count;
        foreach (ref readonly var row in CollectionsMarshal.AsSpan(view.InFlight))
            if (row.Network == job.Network) alike++;
        foreach (ref readonly var other in CollectionsMarshal.AsSpan(view.Waiting))
        {
            together += other.Rows;
            if (other.Network == job.Network) alike += other.Rows;
        }
        alike = Math.Min(alike, policy.MaxBatch);
        Span<int> lanes = stackalloc int[alike];
        for (int i = 0; i < alike; i++) lanes[i] = (i + 1) * job.Lanes;
        var choice = BatchChoice.Best(costs, policy, job.Network, lanes, together, view.Load, view.Threads, tries: false);
        int rows = view.Devices * choice.AtOnce;
        if (BatchChoice.Best(costs, policy, job.Network, lanes, together, view.Load, view.Threads, tries: true) is var tried && tried != choice)
            rows += tried.Rows; // so that there is something to try it with, beside those in calls
        atOnce[(job.Network, job.Lanes)] = rows;
        return rows;
    }
}
