using Darkroom.Engine.Estimates;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Scheduling.Costs;

namespace Darkroom.Engine.Execution;

/// <summary>Shows the waiting jobs to <see cref="ClaimChoice"/>, and claims the ones it chooses.</summary>
internal sealed class Intake(
    WaitingLine line, OfferedWork offered, ActiveJobs active, JobStarter starter, DeviceGroup devices, ClaimChoice choice, Standings standings,
    EngineOptions options)
{
    private readonly ClaimView view = new();
    private readonly List<int> chosen = [];

    /// <summary>Share of the devices that is asked for: 0…0.9.</summary>
    public double Load => offered.Load;

    /// <summary>Rows of jobs that were not claimed, at the last look.</summary>
    public int Backlog { get; private set; }

    /// <summary>Devices of one kind: how long a job is does not depend on which.</summary>
    private CostTable Costs => devices.All[0].Costs;

    /// <returns>Whether any job was claimed.</returns>
    public async ValueTask<bool> ClaimAsync(CancellationToken cancellation)
    {
        await line.ReadAsync(cancellation);
        offered.Count(line.Jobs);
        standings.Look(line, offered, active, Costs);
        Backlog = 0;
        if (line.Jobs.Count == 0) return false;
        Fill();
        chosen.Clear();
        choice.Decide(view, chosen);
        // By index, here and below: an enumerator would be allocated at every tick.
        for (int i = 0; i < line.Jobs.Count; i++) Backlog += line.Jobs[i].Request.Count;
        if (chosen.Count == 0) return false;
        foreach (int index in chosen) Backlog -= line.Jobs[index].Request.Count;
        int wanted = chosen.Count;
        if (line.IsShared) choice.AddStandIns(view, chosen);
        var claimed = await line.ClaimAsync(chosen, wanted, cancellation);
        foreach (var job in claimed) await starter.StartAsync(job, cancellation);
        return claimed.Count > 0;
    }

    private void Fill()
    {
        view.Waiting.Clear();
        view.InFlight.Clear();
        for (int i = 0; i < line.Jobs.Count; i++)
        {
            var job = line.Jobs[i];
            var work = offered.Of(job);
            view.Waiting.Add(new WaitingJob(
                standings.Of(job, work, Costs, line.Now), job.Request.Count, work.Main.Key, work.Main.Lanes, MemoryEstimate.StateOf(job.Request),
                job.RunsAlone));
        }
        view.Bytes = options.Memory.RowBytes;
        view.TakenBytes = view.SmallBytes = 0;
        view.IsAlone = false;
        foreach (var job in active.Jobs)
        {
            view.IsAlone |= job.Job.RunsAlone;
            view.Take(MemoryEstimate.StateOf(job.Request));
            Standing? standing = null;
            foreach (var row in job.Rows)
                if (!row.IsLoading && active.Find(row.Number) is not null)
                    view.InFlight.Add(new RowInFlight(standing ??= standings.Of(job, Costs, line.Now), job.Work.Main.Key));
        }
        view.JobsInFlight = active.Jobs.Count;
        view.RowsInFlight = active.Rows.Count;
        view.MaxRows = 4 * options.MaxBatch * devices.All.Count;
        view.Devices = devices.All.Count;
        view.Threads = devices.All[0].View.Threads;
        view.Load = Load;
    }
}
