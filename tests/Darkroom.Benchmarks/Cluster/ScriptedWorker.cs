using System.Diagnostics;
using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Stages;
using Darkroom.Storage.Postgres;

namespace Darkroom.Benchmarks.Cluster;

/// <summary>
/// A worker without a device: it asks of the store what an engine's tick asks, with the engine's own choice of jobs and fair share, and its steps take as long
/// as they are said to. Ages are left out of the choice, so that how long a run was prepared does not matter.
/// </summary>
internal sealed class ScriptedWorker(IJobStore store, string name, TimeSpan step, int places, ClusterTally tally)
{
    public static readonly JobCommand Succeed = new JobCommand.Succeed(new JobResult(
        [new GeneratedImage(0, 1, 512, 512, Imaging.PictureFormat.Png, 400_000, new string('a', 64), new string('b', 32))], [],
        new JobTimings(1, 2, 3, 4, 10, 20, 1), new string('c', 64)));

    private readonly JobOwner owner = new(name, TimeSpan.FromSeconds(30));
    private readonly SchedulingPolicy policy = new() { MaxBatch = places, Target = SchedulingTarget.Throughput };
    private readonly FairShare shares = new();
    private readonly ClaimView view = new();
    private readonly List<int> chosen = [];
    private readonly List<Running> flight = [];
    private readonly HashSet<string> callers = [];
    private readonly SemaphoreSlim woken = new(0, 1);
    private ClaimChoice? choice;
    private long expired, recovered;
    private IReadOnlyList<Job>? chosenFrom;

    /// <summary>Works until it is told to stop, and gives back what it holds then.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        choice = new ClaimChoice(new EvenCosts(step), policy);
        store.Changed += Wake;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                long began = Stopwatch.GetTimestamp();
                bool moved = await TickAsync();
                var left = step - Stopwatch.GetElapsedTime(began);
                if (flight.Count > 0 && left > TimeSpan.FromMilliseconds(1)) await Task.Delay(left, stop);
                else if (!moved) await woken.WaitAsync(TimeSpan.FromSeconds(1), stop);
            }
        }
        catch (OperationCanceledException)
        {
            // It is told to stop.
        }
        finally
        {
            store.Changed -= Wake;
            await store.LeaveAsync(owner, CancellationToken.None);
        }
    }

    private async Task<bool> TickAsync()
    {
        bool moved = await StepAsync();
        if (flight.Count > 0)
        {
            var lost = await store.RenewAsync([.. flight.Select(running => new JobClaim(running.Job.Id, running.Job.Attempt))], owner, default);
            foreach (var claim in lost) flight.RemoveAll(running => running.Job.Id == claim.JobId);
        }
        if (Stopwatch.GetElapsedTime(expired).TotalSeconds >= 1)
        {
            expired = Stopwatch.GetTimestamp();
            await store.ExpireAsync(default);
            if (Stopwatch.GetElapsedTime(recovered) >= owner.Lease / 3)
            {
                recovered = expired;
                await store.RecoverAsync(owner, 2, default);
            }
        }
        return await ClaimAsync() | moved;
    }

    /// <summary>One step of the jobs whose turn it is; the others pause.</summary>
    private async Task<bool> StepAsync()
    {
        if (flight.Count == 0) return false;
        foreach (var running in flight.OrderBy(static running => -(int)running.Job.Request.Priority).Take(places).ToArray())
        {
            running.Steps++;
            shares.Charge(running.Job.Request.Caller, 0.26);
            if (running.Steps < ScriptedJobs.Steps && step > TimeSpan.Zero)
            {
                await store.ReportAsync(running.Job.Id, running.Job.Attempt, running.Steps, null, default);
                continue;
            }
            long began = Stopwatch.GetTimestamp();
            var outcome = await store.CommitAsync(running.Job.Id, running.Job.Attempt, Succeed, default);
            tally.Ended(running.Job, outcome is CommitOutcome.Committed, Stopwatch.GetElapsedTime(began));
            flight.Remove(running);
        }
        return true;
    }

    private async Task<bool> ClaimAsync()
    {
        long began = Stopwatch.GetTimestamp();
        var waiting = await store.WaitingAsync(256, 32, default);
        tally.Looked(Stopwatch.GetElapsedTime(began));
        if (waiting.Count == 0 || (flight.Count >= places && waiting == chosenFrom)) return false;
        chosenFrom = waiting;
        Choose(waiting);
        if (chosen.Count == 0) return false;
        int wanted = chosen.Count;
        choice!.AddStandIns(view, chosen);
        began = Stopwatch.GetTimestamp();
        var claimed = await store.ClaimAsync([.. chosen.Select(index => waiting[index].Id)], wanted, owner, default);
        tally.Claimed(wanted, claimed, Stopwatch.GetElapsedTime(began));
        foreach (var job in claimed) flight.Add(new Running(job));
        return claimed.Count > 0;
    }

    private void Choose(IReadOnlyList<Job> waiting)
    {
        callers.Clear();
        foreach (var running in flight) callers.Add(running.Job.Request.Caller);
        foreach (var job in waiting) callers.Add(job.Request.Caller);
        shares.BeginRounds(callers, 2.6);
        (view.JobsInFlight, view.RowsInFlight, view.MaxRows) = (flight.Count, flight.Count, 4 * places);
        view.Waiting.Clear();
        view.InFlight.Clear();
        foreach (var job in waiting) view.Waiting.Add(new WaitingJob(StandingOf(job, 0), 1, KeyOf(job), 2, 0));
        foreach (var running in flight) view.InFlight.Add(new RowInFlight(StandingOf(running.Job, running.Steps), KeyOf(running.Job)));
        chosen.Clear();
        choice!.Decide(view, chosen);
    }

    private Standing StandingOf(Job job, int steps)
    {
        double seconds = Math.Max(0.001, step.TotalSeconds);
        return new Standing(0, seconds * (ScriptedJobs.Steps - steps), seconds * ScriptedJobs.Steps, job.Request.Priority,
            shares.IsOver(job.Request.Caller, begun: steps > 0));
    }

    private static CostKey KeyOf(Job job) => new(job.Request.Model, Denoise.Network, new LatentShape(4, 64, 64));

    private void Wake()
    {
        lock (woken)
            if (woken.CurrentCount == 0) woken.Release();
    }

    /// <summary>A job that it holds.</summary>
    private sealed class Running(Job job)
    {
        public Job Job { get; } = job;

        public int Steps { get; set; }
    }

    /// <summary>A device whose calls take the same time whatever is in them.</summary>
    private sealed class EvenCosts(TimeSpan step) : ICallCosts
    {
        public double SecondsOf(in CostKey key, int evaluations, CallWidth width) => Math.Max(0.001, step.TotalSeconds);

        public bool IsMeasured(in CostKey key, int evaluations, CallWidth width) => true;

        public int MaxEvaluations(in CostKey key) => int.MaxValue;
    }
}
