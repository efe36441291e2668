using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Live;

namespace Darkroom.Storage.Postgres;

/// <summary>
/// The claims of this process, with the steps that it reported: what the loop asks at every tick is answered from here. They are known to be lost as soon as
/// any row says so.
/// </summary>
internal sealed class HeldClaims
{
    private const int MaxLost = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Held> claims = [];
    private readonly Dictionary<string, Held> lost = []; // what came back into the queue: whose number may be given again

    public int Count
    {
        get
        {
            lock (gate) return claims.Count;
        }
    }

    public void Add(JobRecord record, JobOwner owner, DateTimeOffset now)
    {
        lock (gate)
        {
            claims[record.Job.Id] = new Held(record, owner, now);
            lost.Remove(record.Job.Id);
        }
    }

    /// <summary>A row says how a job stands.</summary>
    /// <returns>Whether a claim is lost by it.</returns>
    public bool Learn(JobRecord record)
    {
        lock (gate)
        {
            if (!claims.TryGetValue(record.Job.Id, out var held)) return false;
            if (record.Job.State == JobState.Running && record.Job.Attempt == held.Attempt)
            {
                if (record.Job.Version > held.Version) (held.Version, held.FinishesEarly) = (record.Job.Version, record.Job.FinishesEarly);
                return false;
            }
            if (record.Job.IsFinished) return claims.Remove(record.Job.Id);
            return Remove(held);
        }
    }

    public bool Lose(string id)
    {
        lock (gate) return claims.TryGetValue(id, out var held) && Remove(held);
    }

    public IReadOnlyList<JobClaim> LostOf(IReadOnlyList<JobClaim> asked)
    {
        List<JobClaim>? lost = null;
        lock (gate)
        {
            for (int i = 0; i < asked.Count; i++) // by index: an enumerator would be allocated at every tick
                if (!claims.TryGetValue(asked[i].JobId, out var held) || held.Attempt != asked[i].Attempt) (lost ??= []).Add(asked[i]);
        }
        return lost is null ? [] : [.. lost];
    }

    public IReadOnlyList<EarlyFinish> EarlyFinishesOf(IReadOnlyList<JobClaim> asked)
    {
        List<EarlyFinish>? told = null;
        lock (gate)
        {
            for (int i = 0; i < asked.Count; i++) // by index: an enumerator would be allocated at every tick
                if (claims.TryGetValue(asked[i].JobId, out var held) && held.Attempt == asked[i].Attempt && !held.FinishesEarly.IsEmpty)
                    (told ??= []).Add(new(held.Id, held.FinishesEarly));
        }
        return told is null ? [] : [.. told];
    }

    /// <summary>Whether a claim's row was written after what is known of it.</summary>
    public bool IsOlder(string id, long version)
    {
        lock (gate) return claims.TryGetValue(id, out var held) && held.Version < version;
    }

    /// <summary>Keeps steps that were done.</summary>
    /// <returns>Whether there are more than before, of a claim that holds.</returns>
    public bool Report(string id, int attempt, int steps, int? wanted, DateTimeOffset now)
    {
        lock (gate)
        {
            if (!claims.TryGetValue(id, out var held) || held.Attempt != attempt || steps <= held.Progress.Step) return false;
            (held.Progress, held.ReportedAt) = (held.Progress.At(steps, wanted, now, held.Pictures), now);
            return true;
        }
    }

    /// <summary>What is known of a claim that holds; null: it does not, or is somebody else's.</summary>
    public (int Attempt, JobProgress Progress, DateTimeOffset At)? ProgressOf(string id)
    {
        lock (gate) return claims.TryGetValue(id, out var held) ? (held.Attempt, held.Progress, held.ReportedAt) : null;
    }

    /// <summary>
    /// Whether a row with the attempt of a claim is that claim's. It is not where a crash of the database took the claim back, and another owner made it again.
    /// </summary>
    public bool IsOwn(JobRecord record)
    {
        lock (gate)
        {
            bool wasHeld = claims.TryGetValue(record.Job.Id, out var held) || lost.TryGetValue(record.Job.Id, out held);
            return !wasHeld || record.Job.Attempt != held!.Attempt || record.Owner == held.Owner.Id;
        }
    }

    public IReadOnlyList<string> Ids()
    {
        lock (gate) return [.. claims.Keys];
    }

    /// <summary>Claims of owners whose leases have run for some time, by owner; they count as prolonged from now on.</summary>
    public List<(JobOwner Owner, JobClaim[] Claims)> TakeDue(DateTimeOffset now)
    {
        lock (gate)
        {
            List<(JobOwner, JobClaim[])> due = [];
            foreach (var group in claims.Values.GroupBy(held => held.Owner))
            {
                if (group.All(held => now - held.RenewedAt < held.Owner.Lease / 3)) continue;
                due.Add((group.Key, [.. group.Select(held => new JobClaim(held.Id, held.Attempt))]));
                foreach (var held in group) held.RenewedAt = now;
            }
            return due;
        }
    }

    private bool Remove(Held held)
    {
        if (lost.Count >= MaxLost) lost.Clear(); // who held one of those has been told long ago
        lost[held.Id] = held;
        return claims.Remove(held.Id);
    }

    private sealed class Held(JobRecord record, JobOwner owner, DateTimeOffset now)
    {
        public string Id { get; } = record.Job.Id;
        public int Attempt { get; } = record.Job.Attempt;
        public int Pictures { get; } = record.Job.Request.Count;
        public JobOwner Owner { get; } = owner;
        public long Version { get; set; } = record.Job.Version;
        public PictureSet FinishesEarly { get; set; } = record.Job.FinishesEarly;
        public JobProgress Progress { get; set; } = record.Job.Progress;
        public DateTimeOffset ReportedAt { get; set; } = now;
        public DateTimeOffset RenewedAt { get; set; } = now;
    }
}
