using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Execution;

/// <summary>This process as an owner of jobs: it takes back what dead processes held, and gives back what it holds when it stops.</summary>
internal sealed class ClaimKeeper(
    IJobStore store, JobWrites writes, JobOwner owner, JobRecovery recovery, ActiveJobs active, AsyncSignal signal, TimeProvider time,
    ILogger<ClaimKeeper> log)
{
    private long? recovered; // when it was looked for dead owners

    /// <summary>Jobs that are held.</summary>
    public int Count => active.Jobs.Count;

    /// <summary>Has the loop look when another process changed the queue, or took what this one held.</summary>
    public void Listen() => store.Changed += signal.Set;

    /// <summary>Takes back what dead owners held, at the first call and then three times in a lease.</summary>
    public async ValueTask RecoverIfDueAsync(CancellationToken cancellation)
    {
        if (recovered is { } last && time.GetElapsedTime(last) < recovery.Interval) return;
        if (await writes.RecoverAsync(recovery, cancellation) is not { } count) return; // it is tried again soon
        recovered = time.GetTimestamp();
        if (count > 0) signal.Set();
    }

    /// <summary>What jobs took so far would be lost with this process; those who begin them again count on from there.</summary>
    private async Task TellUsageAsync()
    {
        if (!store.OutlivesProcess) return;
        foreach (var job in active.Jobs)
            if (job.TakeUsed() is { } used) await writes.TryCommitAsync(job.Job, new JobCommand.Release(used), CancellationToken.None);
    }

    /// <summary>Gives back what is held: what becomes of it is the store's to know.</summary>
    public async Task LeaveAsync()
    {
        try
        {
            await writes.WriteLastAsync();
            if (Count > 0) EngineLog.LeftUnfinished(log, Count);
            await TellUsageAsync();
            await store.LeaveAsync(owner, CancellationToken.None);
            await active.DropEndedAsync(CancellationToken.None);
        }
        catch (Exception e)
        {
            // The host goes on stopping. A caller who waits here for a job learns of it by the end of the process.
            EngineLog.LeaveFailed(log, e);
        }
    }
}
