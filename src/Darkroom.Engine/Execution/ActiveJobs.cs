using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Previews;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Readings;
using Darkroom.Engine.Scheduling;

namespace Darkroom.Engine.Execution;

/// <summary>The jobs and rows in flight. Only the engine's loop touches it.</summary>
internal sealed class ActiveJobs(
    IJobStore store, JobWrites writes, JobOwner owner, PreviewDesk previews, Standings standings, TimeProvider time, EngineActivity? activity = null)
{
    private readonly Dictionary<string, ActiveJob> jobs = [];
    private readonly List<Row> rows = [];
    private readonly List<JobClaim> claims = [];
    private long rowBytes; // of the state of all rows

    /// <summary>Rows that still need a device.</summary>
    public IReadOnlyList<Row> Rows => rows;

    /// <summary>Jobs that are not finished, those whose pictures are being stored included.</summary>
    public Dictionary<string, ActiveJob>.ValueCollection Jobs => jobs.Values;

    public Row RowOf(int number) => Find(number) ?? throw new KeyNotFoundException($"No row {number} is in flight.");

    public Row? Find(int number)
    {
        foreach (var row in rows)
            if (row.Number == number) return row;
        return null;
    }

    public bool Holds(ActiveJob active) => jobs.TryGetValue(active.Job.Id, out var current) && current == active;

    public void Add(ActiveJob active)
    {
        jobs[active.Job.Id] = active;
        rows.AddRange(active.Rows);
        rowBytes += MemoryEstimate.StateOf(active.Request);
        Show();
    }

    /// <summary>A row needs no device any more.</summary>
    public void Leave(Row row)
    {
        rows.Remove(row);
        Show();
    }

    /// <summary>A job and its rows leave. Batches that they are in run to their end, and nobody asks for the outcome.</summary>
    public void Remove(ActiveJob active)
    {
        previews.Close(active.Job.Id);
        active.End();
        if (jobs.Remove(active.Job.Id)) rowBytes -= MemoryEstimate.StateOf(active.Request);
        rows.RemoveAll(row => row.Job == active);
        foreach (var row in active.Rows) row.Leave();
        Show();
    }

    /// <summary>Rows of jobs that ended elsewhere (cancelled, claimed by another) or whose deadline passed leave now.</summary>
    /// <returns>Whether any did.</returns>
    public async ValueTask<bool> DropEndedAsync(CancellationToken cancellation)
    {
        if (jobs.Count == 0) return false;
        var now = time.GetUtcNow();
        claims.Clear();
        foreach (var active in jobs.Values)
        {
            if (active.Request.Deadline is { } seconds && now >= active.Job.CreatedAt.AddSeconds(seconds))
                await writes.TryCommitAsync(active.Job, new JobCommand.Expire(active.Used), cancellation);
            claims.Add(new JobClaim(active.Job.Id, active.Job.Attempt));
        }
        var lost = await store.RenewAsync(claims, owner, cancellation);
        for (int i = 0; i < lost.Count; i++)
        {
            var active = jobs[lost[i].JobId];
            Remove(active);
            await writes.SpendAsync(active, cancellation);
        }
        FinishEarly(store.EarlyFinishesOf(claims));
        return lost.Count > 0;
    }

    private void FinishEarly(IReadOnlyList<EarlyFinish> told)
    {
        for (int i = 0; i < told.Count; i++)
        {
            if (!jobs.TryGetValue(told[i].JobId, out var active)) continue;
            foreach (var row in active.Rows)
                if (told[i].Pictures.Has(row.Memory.Index)) row.Memory.FinishesEarly = true;
        }
    }

    /// <summary>Shows a device's scheduler what is ready on it.</summary>
    /// <returns>Whether a row's own code failed: it is not shown, and its job is to be ended.</returns>
    public bool Show(Device device)
    {
        var view = device.View;
        var now = time.GetUtcNow();
        view.Clear();
        ActiveJob? last = null;
        Standing standing = default;
        bool faulty = false;
        foreach (var row in rows)
        {
            if (row.Device != device.Index) continue;
            if (row.Kind is { IsMain: true }) view.Denoising.Add(row.Job.Work.Main.Key);
            if (row.IsBusy || row.Wanted.Count == 0) continue;
            if (row.Job != last) (last, standing) = (row.Job, standings.Of(row.Job, device.Costs, now));
            faulty |= row.Fault is not null;
            if (row.Fault is not null) continue;
            CostKey? joins = row is { Kind.LeadsToMain: true, Stage.IsLong: false } ? row.Job.Work.Main.Key : null;
            view.Rows.Add(new ReadyRow(row.Number, standing, view.Evaluations.Count, row.Wanted.Count, joins, row.Job.Work.Main.Lanes));
            for (int i = 0; i < row.Wanted.Count; i++) view.Evaluations.Add(row.Wanted[i]);
        }
        if (view.Threads > 1 && view.Rows.Count + device.BusyRows > 1) ShowNarrow(view);
        return faulty;
    }

    private void Show() => activity?.Show(jobs.Count, rows.Count, rowBytes);

    /// <summary>Rows could run side by side: which of their parts can be called so, and which are to be made ready for it.</summary>
    private void ShowNarrow(DeviceView view)
    {
        foreach (var ready in view.Rows)
        {
            var part = RowOf(ready.Row).Hold.Part!;
            if (part.NarrowIsReady) view.Narrow.Add(view.Evaluations[ready.First].Key.Cost);
            else part.PrepareNarrow();
        }
    }
}
