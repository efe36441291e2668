using System.Security.Cryptography;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Execution;

/// <summary>
/// What the loop has the store write. A store whose disk is full, or that cannot be reached, fails no job: how a job ended is kept and written when it can be,
/// and until then nothing is claimed. It is tried again after a wait that grows, with a random part, so that processes which share it do not all try at once.
/// Only the engine's loop touches it.
/// </summary>
internal sealed class JobWrites(IJobStore store, JobOwner owner, EngineLifetime lifetime, TimeProvider time, ILogger<JobWrites> log)
{
    private const double MinWait = 1, MaxWait = 15; // seconds

    private readonly Queue<(Job Job, JobCommand Command, Action? Then)> kept = [];
    private double wait = MinWait;
    private bool isFailing;
    private long failedAt;

    /// <summary>Whether the last try failed, and it is not time for another.</summary>
    public bool IsWaiting => isFailing && time.GetElapsedTime(failedAt).TotalSeconds < wait;

    /// <summary>Commits a command to a claimed job: now, or when there is room.</summary>
    /// <param name="job">As it was claimed.</param>
    /// <param name="command">What happens to it.</param>
    /// <param name="then">Called once it is committed.</param>
    public async ValueTask CommitAsync(Job job, JobCommand command, Action? then, CancellationToken cancellation)
    {
        if (!IsWaiting && await TryAsync(job, command, cancellation)) then?.Invoke();
        else kept.Enqueue((job, command, then));
    }

    /// <summary>Tells what a job took that is no longer in flight, when no device has any of its rows: its end cannot have told it.</summary>
    public async ValueTask SpendAsync(ActiveJob ended, CancellationToken cancellation)
    {
        if (!ended.IsBusy && ended.TakeUsed() is { } used)
            await CommitAsync(ended.Job, new JobCommand.Spend(ended.Job.Attempt, used), then: null, cancellation);
    }

    /// <summary>Commits a command now, or not at all: it is asked for again.</summary>
    public async ValueTask TryCommitAsync(Job job, JobCommand command, CancellationToken cancellation)
    {
        if (!IsWaiting) await TryAsync(job, command, cancellation);
    }

    /// <summary>Writes what was kept, where it is time for that.</summary>
    /// <returns>Whether any of it was written.</returns>
    public ValueTask<bool> CatchUpAsync(CancellationToken cancellation) =>
        kept.Count == 0 || IsWaiting ? ValueTask.FromResult(false) : WriteKeptAsync(cancellation);

    /// <summary>Writes what was kept, whether it is time for that or not: there is no later.</summary>
    public async ValueTask WriteLastAsync()
    {
        if (kept.Count > 0) await WriteKeptAsync(CancellationToken.None);
    }

    /// <summary>Marks jobs as running, as the store's claim does; none while the store fails.</summary>
    public async ValueTask<IReadOnlyList<Job>> ClaimAsync(IReadOnlyList<string> ids, int max, CancellationToken cancellation)
    {
        if (IsWaiting) return [];
        try
        {
            var claimed = await store.ClaimAsync(ids, max, owner, cancellation);
            Succeed();
            return claimed;
        }
        catch (StoreException e) when (e.IsPassing)
        {
            Fail(e);
            return [];
        }
    }

    /// <summary>Ends queued jobs whose deadlines have passed; none while the store fails.</summary>
    public async ValueTask<int> ExpireAsync(CancellationToken cancellation)
    {
        if (IsWaiting) return 0;
        try
        {
            return await store.ExpireAsync(cancellation); // mostly it has nothing to write, which says nothing of the disk
        }
        catch (StoreException e) when (e.IsPassing)
        {
            Fail(e);
            return 0;
        }
    }

    /// <summary>Takes back what dead owners held; null while the store fails.</summary>
    public async ValueTask<int?> RecoverAsync(JobRecovery recovery, CancellationToken cancellation)
    {
        if (IsWaiting) return null;
        try
        {
            return await recovery.RecoverAsync(cancellation);
        }
        catch (StoreException e) when (e.IsPassing)
        {
            Fail(e);
            return null;
        }
    }

    /// <summary>Records steps done; it waits for no disk.</summary>
    public ValueTask ReportAsync(Job job, int steps, int? wanted, CancellationToken cancellation) =>
        store.ReportAsync(job.Id, job.Attempt, steps, wanted, cancellation);

    private async ValueTask<bool> WriteKeptAsync(CancellationToken cancellation)
    {
        bool any = false;
        while (kept.TryDequeue(out var next)) // what cannot be written for another reason is not tried for ever
        {
            if (!await TryAsync(next.Job, next.Command, cancellation))
            {
                kept.Enqueue(next);
                break;
            }
            next.Then?.Invoke();
            any = true;
        }
        return any;
    }

    /// <returns>Whether the store decided on it; false: it cannot now.</returns>
    private async ValueTask<bool> TryAsync(Job job, JobCommand command, CancellationToken cancellation)
    {
        try
        {
            // What an attempt took counts even when the claim is lost.
            await store.CommitAsync(job.Id, command is JobCommand.Spend ? null : job.Attempt, command, cancellation);
            Succeed();
            return true;
        }
        catch (StoreException e) when (e.IsPassing)
        {
            Fail(e);
            return false;
        }
    }

    private void Succeed() => (wait, isFailing, lifetime.StoreIsFull) = (MinWait, false, false);

    private void Fail(StoreException reason)
    {
        if (!isFailing) EngineLog.StoreFull(log, reason.Message);
        // Between the least and twice the last wait.
        double most = Math.Min(MaxWait, 2 * (isFailing ? wait : MinWait));
        (isFailing, failedAt, lifetime.StoreIsFull) = (true, time.GetTimestamp(), reason.Fault == StoreFault.Full);
        wait = MinWait + RandomNumberGenerator.GetInt32(1000) / 1000.0 * (most - MinWait);
    }
}
