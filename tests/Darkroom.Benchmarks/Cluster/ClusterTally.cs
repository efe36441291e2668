using System.Collections.Concurrent;
using System.Diagnostics;
using Darkroom.Benchmarks.Load;
using Darkroom.Engine.Jobs;

namespace Darkroom.Benchmarks.Cluster;

/// <summary>What the workers of a point did, counted while it is measured.</summary>
internal sealed class ClusterTally
{
    private readonly Lock gate = new();
    private readonly List<double> claims = [], ends = [], looks = [];
    private readonly Dictionary<string, int> endsOf = [];
    private bool counts;

    /// <summary>Jobs that workers asked for, those that they got, and those that they ended.</summary>
    public int Asked { get; private set; }

    public int Got { get; private set; }

    public int Finished { get; private set; }

    /// <summary>Ends that were refused: none is expected.</summary>
    public int Refused { get; private set; }

    /// <summary>When jobs that somebody waits for were claimed (<see cref="Stopwatch"/>).</summary>
    public ConcurrentDictionary<string, TaskCompletionSource<long>> Awaited { get; } = [];

    /// <summary>When their ends were committed.</summary>
    public ConcurrentDictionary<string, long> EndedAt { get; } = [];

    public Spread ClaimMs => Take(claims);

    public Spread EndMs => Take(ends);

    /// <summary>Of those looks at the queue that asked the database.</summary>
    public Spread LookMs => Take(looks);

    /// <summary>Jobs of callers that were ended.</summary>
    public IReadOnlyDictionary<string, int> EndsOf
    {
        get
        {
            lock (gate) return new Dictionary<string, int>(endsOf);
        }
    }

    public void Begin()
    {
        lock (gate) counts = true;
    }

    public void End()
    {
        lock (gate) counts = false;
    }

    public void Claimed(int asked, IReadOnlyList<Job> got, TimeSpan took)
    {
        long now = Stopwatch.GetTimestamp();
        foreach (var job in got)
            if (Awaited.TryGetValue(job.Id, out var waits)) waits.TrySetResult(now);
        lock (gate)
        {
            if (!counts) return;
            Asked += asked;
            Got += got.Count;
            claims.Add(took.TotalMilliseconds);
        }
    }

    public void Ended(Job job, bool committed, TimeSpan took)
    {
        if (Awaited.ContainsKey(job.Id)) EndedAt[job.Id] = Stopwatch.GetTimestamp();
        lock (gate)
        {
            if (!counts) return;
            if (committed) Finished++;
            else Refused++;
            ends.Add(took.TotalMilliseconds);
            endsOf[job.Request.Caller] = endsOf.GetValueOrDefault(job.Request.Caller) + 1;
        }
    }

    public void Looked(TimeSpan took)
    {
        if (took.TotalMilliseconds < 0.1) return; // answered from memory
        lock (gate)
            if (counts) looks.Add(took.TotalMilliseconds);
    }

    private Spread Take(List<double> values)
    {
        lock (gate) return Spread.Of(values);
    }
}
