using Darkroom.Engine.Estimates;
using Darkroom.Engine.Scheduling;

namespace Darkroom.Engine.Execution;

/// <summary>Shows the waiting jobs to <see cref="ClaimChoice"/>, and claims the ones it chooses.</summary>
internal sealed class Intake(
    WaitingLine line, OfferedWork offered, ActiveJobs active, JobStarter starter, DeviceGroup devices, ClaimChoice choice, FairShare shares,
    EngineOptions options)
{
    private readonly ClaimView view = new();
    private readonly List<int> chosen = [];
    private readonly HashSet<string> callers = [];

    /// <summary>Share of the devices that is asked for: 0…0.9.</summary>
    public double Load => offered.Load;

    /// <summary>Rows of jobs that were not claimed, at the last look.</summary>
    public int Backlog { get; private set; }

    /// <returns>Whether any job was claimed.</returns>
    public async ValueTask<bool> ClaimAsync(CancellationToken cancellation)
    {
        await line.ReadAsync(cancellation);
        offered.Count(line.Jobs);
        BeginRounds();
        Backlog = 0;
        if (line.Jobs.Count == 0) return false;
        Fill();
        chosen.Clear();
        choice.Decide(view, chosen);
        // By index, here and below: an enumerator would be allocated at every tick.
        for (int i = 0; i < line.Jobs.Count; i++) Backlog += line.Jobs[i].Request.Count;
        if (chosen.Count == 0) return false;
        foreach (int index in chosen) Backlog -= line.Jobs[index].Request.Count;
        var claimed = await line.ClaimAsync(chosen, cancellation);
        foreach (var job in claimed) await starter.StartAsync(job, cancellation);
        return claimed.Count > 0;
    }

    /// <summary>Begins new rounds of shares where it is time.</summary>
    private void BeginRounds()
    {
        callers.Clear();
        double max = 0;
        foreach (var job in active.Jobs)
        {
            callers.Add(job.Request.Caller);
            max = Math.Max(max, job.Work.MegapixelSteps);
        }
        for (int i = 0; i < line.Jobs.Count; i++)
        {
            callers.Add(line.Jobs[i].Request.Caller);
            max = Math.Max(max, offered.Of(line.Jobs[i]).MegapixelSteps);
        }
        if (max > 0) shares.BeginRounds(callers, max);
    }

    private void Fill()
    {
        view.Waiting.Clear();
        view.InFlight.Clear();
        var costs = devices.All[0].Costs; // devices of one kind: how long a job is does not depend on which
        for (int i = 0; i < line.Jobs.Count; i++)
        {
            var job = line.Jobs[i];
            var work = offered.Of(job);
            double seconds = work.SecondsOf(costs) * job.Request.Count;
            var standing = new Standing((line.Now - job.CreatedAt).TotalSeconds, seconds, seconds, job.Request.Priority, shares.IsOver(job.Request.Caller));
            view.Waiting.Add(new WaitingJob(standing, job.Request.Count, work.Main.Key, work.Main.Lanes, MemoryEstimate.StateOf(job.Request)));
        }
        view.Bytes = options.Memory.RowBytes;
        view.TakenBytes = view.SmallBytes = 0;
        foreach (var job in active.Jobs)
        {
            view.Take(MemoryEstimate.StateOf(job.Request));
            Standing? standing = null;
            foreach (var row in job.Rows)
                if (!row.IsLoading && active.Find(row.Number) is not null)
                    view.InFlight.Add(new RowInFlight(standing ??= job.StandingOf(costs, shares, line.Now), job.Work.Main.Key));
        }
        view.RowsInFlight = active.Rows.Count;
        view.MaxRows = 4 * options.MaxBatch * devices.All.Count;
        view.Devices = devices.All.Count;
        view.Threads = devices.All[0].View.Threads;
        view.Load = Load;
    }
}
