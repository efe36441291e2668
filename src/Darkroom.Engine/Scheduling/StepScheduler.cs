using System.Runtime.InteropServices;

namespace Darkroom.Engine.Scheduling;

/// <summary>
/// Decides which rows share the next call of a device, and how wide it runs. A function of what it is shown and of what calls cost: no clock, no I/O;
/// what it keeps between calls is scratch. The first in line decides the network; rows that can share the call join it as long as that
/// makes the mean wait shorter.
/// </summary>
/// <remarks>Not thread-safe: each device has its own.</remarks>
internal sealed class StepScheduler(ICallCosts costs, SchedulingPolicy policy)
{
    private readonly List<Candidate> order = [];
    private readonly List<Candidate> group = [];
    private readonly List<int> lanes = [];
    private readonly Stack<Batch> unused = new();
    private readonly Comparison<Candidate> byStanding = (one, other) => Compare(one, other, policy);

    /// <summary>Gives a batch back whose call is done: its memory is used again.</summary>
    public void Return(Batch batch) => unused.Push(batch);

    /// <summary>
    /// Calls to start now, appended to <paramref name="calls"/>: none where nothing is ready, or where it is better to wait for running ones.
    /// </summary>
    public void Plan(DeviceView view, List<Batch> calls)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(calls);
        if (view.FreeThreads == 0 || view.Rows.Count == 0) return;
        SortByStanding(view);

        int free = view.FreeThreads, waiting = view.Rows.Count + view.BusyRows + view.Backlog;
        bool tries = view.Decision % policy.TryEvery == 0;
        double heldUp = view.HeldUp;
        while (free > 0 && order.Count > 0)
        {
            bool holdsUp = order.Exists(static one => one.Key.Kind.IsMain);
            if (Leader(holdsUp, heldUp) is not { } leader) return;
            Gather(leader.Key);
            bool narrowAllowed = view.Threads > 1 && view.Narrow.Contains(leader.Key.Cost);
            int threads = narrowAllowed ? view.Threads : 1;
            var choice = BatchChoice.Best(costs, policy, leader.Key.Cost, CollectionsMarshal.AsSpan(lanes), waiting, view.Load, threads, tries);
            if (choice.Width == CallWidth.Wide && free < view.Threads) return; // it gets the whole device as soon as the running calls are done
            bool bounded = holdsUp && !leader.Key.Kind.IsMain;
            int rows = choice.Rows;
            // A late row is due a share of the device: those who join its call may make that so many times longer than it takes alone, and no more.
            if (leader.Row.Standing.Debt > 0)
                rows = Bounded(leader.Key.Cost, choice.Width, costs.SecondsAlone(leader.Key.Cost, lanes[0]) / policy.LateShare, rows);
            int evaluations = lanes[rows - 1];
            // Who comes while a call runs is held up by it too; but only a row whose evaluations need not stay together can be cut.
            if (leader.Key.Kind.IsDivisible) evaluations = Divided(leader.Key.Cost, choice.Width, policy.HoldUp - (bounded ? heldUp : 0), evaluations);
            else if (bounded) evaluations = lanes[Bounded(leader.Key.Cost, choice.Width, policy.HoldUp - heldUp, rows) - 1];
            if (bounded) heldUp += costs.SecondsOf(leader.Key.Cost, evaluations, choice.Width);
            calls.Add(Take(leader.Key, choice.Width, evaluations, view));
            free = choice.Width == CallWidth.Wide ? 0 : free - 1;
        }
    }

    /// <summary>Rows by standing, each with the calls it wants: those of one key are one candidate.</summary>
    private void SortByStanding(DeviceView view)
    {
        order.Clear();
        foreach (var row in view.Rows)
        {
            bool joins = row.Joins is { } denoiser && HasRoom(view, denoiser, row.Lanes);
            int first = row.First, end = row.First + row.Count;
            while (first < end)
            {
                int last = first + 1;
                while (last < end && view.Evaluations[last].Key == view.Evaluations[first].Key) last++;
                order.Add(new Candidate(row, view.Evaluations[first].Key, first, last - first, joins));
                first = last;
            }
        }
        order.Sort(byStanding);
    }

    /// <summary>Whether a denoiser's calls have room for one row more, so that getting it there soon serves everyone.</summary>
    private bool HasRoom(DeviceView view, in CostKey denoiser, int count)
    {
        int running = 0;
        foreach (var one in view.Denoising)
            if (one == denoiser) running++;
        if (running == 0 || running >= policy.MaxBatch * view.Threads) return false;
        Span<int> together = stackalloc int[Math.Min(policy.MaxBatch, running + 1)];
        for (int i = 0; i < together.Length; i++) together[i] = (i + 1) * count;
        int waiting = view.Rows.Count + view.BusyRows + view.Backlog;
        var usual = BatchChoice.Best(costs, policy, denoiser, together, waiting, view.Load, view.Threads, tries: false);
        if (usual.AtOnce > running) return true;
        // What was never measured needs rows that are ready for it beside those in calls.
        var tried = BatchChoice.Best(costs, policy, denoiser, together, waiting, view.Load, view.Threads, tries: true);
        return tried != usual && running < view.Threads + tried.Rows;
    }

    /// <summary>Who decides what runs next: the first in the order, or the first that denoises where other stages have held those up for long enough.</summary>
    private Candidate? Leader(bool holdsUp, double heldUp)
    {
        var first = order[0];
        if (!holdsUp || first.Key.Kind.IsMain || heldUp == 0) return first;
        if (heldUp + costs.SecondsOf(first.Key.Cost, 1, CallWidth.Wide) <= policy.HoldUp) return first;
        return order.Find(static one => one.Key.Kind.IsMain);
    }

    /// <summary>Everyone who can share a call of a key, in order, and how many evaluations they need together.</summary>
    private void Gather(in BatchKey key)
    {
        group.Clear();
        lanes.Clear();
        int together = 0;
        foreach (var one in order)
        {
            if (one.Key != key) continue;
            group.Add(one);
            lanes.Add(together += one.Count);
        }
    }

    /// <summary>Cuts a call down to the seconds that it may take, but not below one row.</summary>
    /// <returns>Its rows.</returns>
    private int Bounded(in CostKey key, CallWidth width, double max, int rows)
    {
        while (rows > 1 && costs.SecondsOf(key, lanes[rows - 1], width) > max) rows--;
        return rows;
    }

    /// <summary>Cuts a call down to so many seconds and to what fits in memory, but not below one evaluation.</summary>
    private int Divided(in CostKey key, CallWidth width, double left, int evaluations)
    {
        evaluations = Math.Min(evaluations, costs.MaxEvaluations(key));
        while (evaluations > 1 && costs.SecondsOf(key, evaluations, width) > left) evaluations--;
        return evaluations;
    }

    /// <summary>Takes so many evaluations of the group. A row of which only some are taken waits with the others until these are back.</summary>
    private Batch Take(in BatchKey key, CallWidth width, int evaluations, DeviceView view)
    {
        var batch = unused.Count > 0 ? unused.Pop() : new Batch();
        batch.Begin(key, width);
        for (int i = 0; evaluations > 0; i++)
        {
            int count = Math.Min(group[i].Count, evaluations);
            for (int lane = 0; lane < count; lane++) batch.Add(view.Evaluations[group[i].First + lane]);
            order.Remove(group[i]);
            evaluations -= count;
        }
        return batch;
    }

    private static int Compare(in Candidate one, in Candidate other, SchedulingPolicy policy)
    {
        bool isOwed = one.Row.Standing.Debt > 0 || other.Row.Standing.Debt > 0; // before rows that would fill a batch
        if (one.Joins != other.Joins && !isOwed) return one.Joins ? -1 : 1;
        int order = Standing.Compare(one.Row.Standing, other.Row.Standing, policy);
        if (order != 0) return order;
        order = one.Row.Row.CompareTo(other.Row.Row);
        return order != 0 ? order : one.First.CompareTo(other.First);
    }

    /// <summary>A row's evaluations of one key: they go into one call.</summary>
    private readonly record struct Candidate(ReadyRow Row, BatchKey Key, int First, int Count, bool Joins);
}
