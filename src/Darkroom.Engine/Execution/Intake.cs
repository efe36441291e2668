using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Scheduling;
using Darkroom.Models.Catalog;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Execution;

/// <summary>Shows admission the jobs that wait, and claims the ones it lets in.</summary>
internal sealed class Intake(
    IJobStore store, Flight flight, Boarding boarding, DeviceGroup devices, JobAdmission admission, FairShare shares, IModelDirectory models, IUpscalerDirectory upscalers,
    EngineOptions options, TimeProvider time)
{
    /// <summary>Jobs that are looked at, the oldest of the highest priority first: enough to find the short ones among.</summary>
    private const int Seen = 256;

    private readonly AdmissionView view = new();
    private readonly List<int> admitted = [];
    private readonly List<string> claims = [];
    private readonly HashSet<string> callers = [];
    private readonly Dictionary<string, JobWork> works = [];
    private readonly OfferedLoad offered = new();
    private readonly long began = time.GetTimestamp();
    private IReadOnlyList<Job> waiting = [];
    private double jobSeconds;

    /// <summary>Share of the devices that is asked for: 0…0.9.</summary>
    public double Load { get; private set; }

    /// <summary>Seconds after which a caller who finds the queue full may come again: a tenth of it has been worked off by then. Any thread may ask.</summary>
    public TimeSpan RetryAfter => TimeSpan.FromSeconds(Math.Clamp(Volatile.Read(ref jobSeconds) * options.MaxQueued / 10, 1, 60));

    /// <summary>Rows of jobs that were not let in, at the last look.</summary>
    public int Backlog { get; private set; }

    /// <returns>Whether any job was let in, or ended because its deadline had passed.</returns>
    public async ValueTask<bool> ClaimAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        waiting = await WaitingAsync(now, cancellation);
        Meet();
        Settle();
        Backlog = 0;
        if (waiting.Count == 0) return false;
        Look(now);
        admitted.Clear();
        admission.Decide(view, admitted);
        for (int i = 0; i < waiting.Count; i++) Backlog += waiting[i].Request.Count; // by index, here and below: an enumerator would be allocated at every tick
        if (admitted.Count == 0) return false;
        claims.Clear();
        foreach (int index in admitted)
        {
            claims.Add(waiting[index].Id);
            Backlog -= waiting[index].Request.Count;
        }
        var claimed = await store.ClaimAsync(claims, now, cancellation);
        foreach (var job in claimed) boarding.Take(job);
        return claimed.Count > 0;
    }

    /// <summary>What waits, without the jobs whose deadline has passed: those never touch a device.</summary>
    private async ValueTask<IReadOnlyList<Job>> WaitingAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var jobs = await store.WaitingAsync(Seen, cancellation);
        bool expired = false;
        for (int i = 0; i < jobs.Count; i++)
        {
            if (jobs[i].Request.Deadline is not { } seconds || now < jobs[i].CreatedAt.AddSeconds(seconds)) continue;
            await store.CommitAsync(jobs[i].Id, null, new JobCommand.Expire(), now, cancellation);
            expired = true;
        }
        return expired ? await store.WaitingAsync(Seen, cancellation) : jobs;
    }

    /// <summary>Takes note of jobs that were not seen before: how long they are, and how much work comes.</summary>
    private void Meet()
    {
        double now = time.GetElapsedTime(began).TotalSeconds;
        if (works.Count > 4 * Seen) works.Clear();
        for (int i = 0; i < waiting.Count; i++)
        {
            var job = waiting[i];
            if (works.ContainsKey(job.Id)) continue;
            var work = works[job.Id] = JobWork.Of(job.Request, models, upscalers);
            var device = devices.All[0];
            offered.Add(now, job.Request.Count * work.LeastSecondsOf(device.Costs, options.Policy, device.View.Threads) / devices.All.Count);
        }
        Load = offered.At(now);
        Volatile.Write(ref jobSeconds, offered.JobSeconds);
    }

    /// <summary>Begins a new round of shares where it is time.</summary>
    private void Settle()
    {
        callers.Clear();
        double largest = 0;
        foreach (var active in flight.Jobs)
        {
            callers.Add(active.Request.Caller);
            largest = Math.Max(largest, active.Work.MegapixelSteps);
        }
        for (int i = 0; i < waiting.Count; i++)
        {
            callers.Add(waiting[i].Request.Caller);
            largest = Math.Max(largest, works[waiting[i].Id].MegapixelSteps);
        }
        if (largest > 0) shares.Settle(callers, largest);
    }

    private void Look(DateTimeOffset now)
    {
        view.Waiting.Clear();
        view.Flying.Clear();
        var costs = devices.All[0].Costs; // devices of one kind: how long a job is does not depend on which
        for (int i = 0; i < waiting.Count; i++)
        {
            var job = waiting[i];
            var work = works[job.Id];
            double seconds = work.SecondsOf(costs) * job.Request.Count;
            var standing = new Standing((now - job.CreatedAt).TotalSeconds, seconds, seconds, job.Request.Priority, shares.IsOver(job.Request.Caller));
            view.Waiting.Add(new WaitingJob(standing, job.Request.Count, work.Main, work.Lanes, MemoryEstimate.StateOf(job.Request)));
        }
        long taken = 0;
        foreach (var active in flight.Jobs)
        {
            taken += MemoryEstimate.StateOf(active.Request);
            Standing? standing = null;
            foreach (var row in active.Rows)
                if (!row.IsLoading && flight.Find(row.Number) is not null)
                    view.Flying.Add(new FlyingRow(standing ??= active.StandingOf(costs, shares, now), active.Work.Main));
        }
        view.RowsInFlight = flight.Rows.Count;
        view.MostRows = 4 * options.MaxBatch * devices.All.Count;
        view.FreeBytes = MemoryEstimate.Available(options) / 2 - taken;
        view.Devices = devices.All.Count;
        view.Threads = devices.All[0].View.Threads;
        view.Load = Load;
    }
}
