using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Live;

/// <summary>What each operation of a store changes: pure decisions over a draft, which may be made again where a commit failed.</summary>
internal static class Decisions
{
    private static readonly JobFailure Stopped = new(JobFailureKind.ShuttingDown, "The server stopped before the job was done.");

    public static AddOutcome Add(Draft draft, JobTransition admitted, AddTerms terms, DateTimeOffset now)
    {
        if (draft.Live.IsClosed) return new AddOutcome.Closed();
        var request = admitted.Job.Request;
        if (terms.Key is { } key && draft.FindKey(request.Caller, key.Value) is { } first)
        {
            if (now - first.Job.CreatedAt < AddTerms.KeyLifetime)
                return first.Key!.BodyHash == key.BodyHash ? new AddOutcome.Replayed(first.Job) : new AddOutcome.KeyReused();
            draft.Change(first, first with { Key = null });
        }
        double cost = JobCost.MegapixelSteps(request);
        if (RefusalOf(draft.Load, request.Caller, cost, terms) is { } refusal) return refusal;
        draft.Add(new JobRecord(admitted.Job, admitted.Events, draft.NextOrder()) { Cost = cost, Key = terms.Key });
        return new AddOutcome.Added();
    }

    public static IReadOnlyList<Job> Claim(Draft draft, IReadOnlyList<string> ids, JobOwner owner, DateTimeOffset now)
    {
        var claimed = new List<Job>(ids.Count);
        if (draft.IsPaused) return claimed;
        for (int i = 0; i < ids.Count; i++)
        {
            if (draft.Find(ids[i]) is not { } record || record.Apply(new JobCommand.Claim(), now) is not { } next) continue;
            draft.Change(record, next with { Owner = owner.Id, LeasedUntil = now + owner.Lease });
            claimed.Add(next.Job);
        }
        return claimed;
    }

    /// <summary>Ends the queued jobs whose deadlines have passed. One that was claimed meanwhile is its owner's.</summary>
    public static int Expire(Draft draft, DateTimeOffset now)
    {
        int expired = 0;
        foreach (string id in draft.Live.Due(now))
        {
            if (draft.Find(id) is not { Job.State: JobState.Queued } record || record.Apply(new JobCommand.Expire(), now) is not { } next) continue;
            draft.Change(record, next);
            expired++;
        }
        return expired;
    }

    public static CommitOutcome Commit(Draft draft, string id, int? attempt, JobCommand command, DateTimeOffset now)
    {
        if (draft.Find(id) is not { } record) return CommitOutcome.NoSuchJob;
        if (attempt is { } claim && (claim != record.Job.Attempt || record.Job.State == JobState.Queued)) return new CommitOutcome.ClaimLost(record.Job);
        if (record.Apply(command, now) is not { } next) return new CommitOutcome.NotApplicable(record.Job);
        draft.Change(record, next);
        return new CommitOutcome.Committed(next.Job);
    }

    /// <param name="alone">Whether one process at a time may use the store: nobody else lives, whatever a lease says.</param>
    public static IReadOnlyList<Job> Recover(Draft draft, JobOwner owner, int maxCrashes, bool alone, DateTimeOffset now)
    {
        var command = new JobCommand.Recover(maxCrashes);
        var recovered = new List<Job>();
        foreach (var (id, leasedUntil) in draft.Live.Claims())
        {
            if (!alone && leasedUntil > now) continue;
            if (draft.Find(id) is not { } record || record.Owner == owner.Id || record.Apply(command, now) is not { } next) continue;
            draft.Change(record, next);
            recovered.Add(next.Job);
        }
        return recovered;
    }

    /// <summary>The owner's jobs go back into the queue.</summary>
    public static void Release(Draft draft, JobOwner owner, DateTimeOffset now) =>
        Apply(draft, record => record.Job.State == JobState.Running && record.Owner == owner.Id ? new JobCommand.Release() : null, now);

    /// <summary>All that is left ends with the process.</summary>
    public static void FailAll(Draft draft, DateTimeOffset now) => Apply(draft, static _ => new JobCommand.Fail(Stopped), now);

    public static IReadOnlyList<Job> Sweep(Draft draft, SweepQuery query, int limit)
    {
        var swept = draft.Finished(query, limit);
        foreach (var record in swept) draft.Remove(record);
        return [.. swept.Select(record => record.Job)];
    }

    public static PurgeOutcome Purge(Draft draft, string id)
    {
        if (draft.Find(id) is not { } record) return new PurgeOutcome.UnknownJob();
        if (!record.Job.IsFinished) return new PurgeOutcome.NotFinished(record.Job);
        draft.Remove(record);
        return new PurgeOutcome.Purged(record.Job);
    }

    /// <summary>Somebody was told, or nobody will be.</summary>
    public static bool Remove(Draft draft, WebhookDelivery taken)
    {
        if (draft.Find(taken) is null) return false;
        draft.Change(taken, null);
        return true;
    }

    public static bool Retry(Draft draft, WebhookDelivery taken, TimeSpan after, bool failed, DateTimeOffset now)
    {
        if (draft.Find(taken) is not { } record) return false;
        var delivery = record.Delivery;
        draft.Change(taken, new(failed ? delivery with { Tries = delivery.Tries + 1 } : delivery, now + after));
        return true;
    }

    private static void Apply(Draft draft, Func<JobRecord, JobCommand?> choice, DateTimeOffset now)
    {
        foreach (var record in draft.Unfinished())
            if (choice(record) is { } command && record.Apply(command, now) is { } next) draft.Change(record, next);
    }

    /// <summary>A caller's own limit is looked at first: it says more. What costs more than a limit alone is admitted where nothing waits.</summary>
    public static AddOutcome? RefusalOf(QueueLoad load, string caller, double cost, AddTerms terms)
    {
        var (own, all) = (load.Of(caller), load.All);
        if (own.Jobs >= terms.MaxQueuedPerCaller) return new AddOutcome.CallerFull(QueueLimit.Jobs, terms.MaxQueuedPerCaller.Value);
        if (own.Jobs > 0 && own.Cost + cost > terms.MaxCostPerCaller)
            return new AddOutcome.CallerFull(QueueLimit.MegapixelSteps, terms.MaxCostPerCaller.Value);
        if (all.Jobs >= terms.MaxQueued) return new AddOutcome.QueueFull(QueueLimit.Jobs, terms.MaxQueued);
        if (all.Jobs > 0 && all.Cost + cost > terms.MaxCost) return new AddOutcome.QueueFull(QueueLimit.MegapixelSteps, terms.MaxCost.Value);
        return null;
    }
}
