namespace Darkroom.Benchmarks.Simulation;

/// <summary>
/// What a run comes to. Latencies are seconds from arrival to the decoded picture; the first tenth of the jobs is the run-up and not counted.
/// </summary>
internal sealed record Figures
{
    public required double Throughput { get; init; }
    public required double Mean { get; init; }
    public required double Median { get; init; }
    public required double P95 { get; init; }
    public required double P99 { get; init; }

    /// <summary>Mean seconds until the first step.</summary>
    public required double FirstStep { get; init; }

    /// <summary>Mean latency of the third of the jobs that is shortest.</summary>
    public required double Short { get; init; }

    /// <summary>Largest ratio of a job's latency to what it takes alone.</summary>
    public required double WorstSlowdown { get; init; }

    /// <summary>Jain's index, 1 at best, over what callers were served of their equal share while they had work, 1 at most.</summary>
    public required double Fairness { get; init; }

    /// <summary>Mean rows of a denoiser call.</summary>
    public required double Batch { get; init; }

    public static Figures Of(Traffic traffic, TrueCosts costs, Func<SimulatedJob, bool>? only = null)
    {
        ArgumentNullException.ThrowIfNull(traffic);
        ArgumentNullException.ThrowIfNull(costs);
        SimulatedJob[] jobs = [.. traffic.Jobs.OrderBy(static job => job.Arrival).Skip(traffic.Jobs.Count / 10).Where(only ?? (static _ => true))];
        double[] latencies = [.. jobs.Select(static job => job.Latency).Order()];
        double from = jobs.Min(static job => job.Arrival);
        return new Figures
        {
            Throughput = jobs.Sum(static job => job.Count) / (jobs.Max(static job => job.End) - from),
            Mean = latencies.Average(),
            Median = At(latencies, 0.5),
            P95 = At(latencies, 0.95),
            P99 = At(latencies, 0.99),
            FirstStep = jobs.Average(static job => job.FirstStep - job.Arrival),
            Short = jobs.OrderBy(costs.Alone).ThenBy(static job => job.Number).Take((jobs.Length + 2) / 3).Average(static job => job.Latency),
            WorstSlowdown = jobs.Max(job => job.Latency / costs.Alone(job)),
            Fairness = Jain(traffic),
            Batch = traffic.Batches.Count == 0 ? 0 : traffic.Batches.Average(),
        };
    }

    private static double At(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(share * sorted.Length) - 1)];

    /// <summary>What each caller got while it had work, over the n-th part of what all got while n callers had work.</summary>
    private static double Jain(Traffic traffic)
    {
        var moments = traffic.Jobs.SelectMany(static job => new (double Time, int Change, string Caller, double Amount)[]
            { (job.Arrival, 1, job.Caller, 0), (job.End, -1, job.Caller, 0) })
            .Concat(traffic.Served.Select(static served => (served.Time, Change: 0, served.Caller, Amount: served.MegapixelSteps)))
            .OrderBy(static moment => moment.Time).ThenByDescending(static moment => moment.Amount > 0);
        Dictionary<string, int> work = [];
        Dictionary<string, double> got = [], due = [];
        foreach (var (_, change, caller, amount) in moments)
        {
            work[caller] = work.GetValueOrDefault(caller) + change;
            if (amount == 0) continue;
            int busy = work.Values.Count(static jobs => jobs > 0);
            if (busy < 2) continue;
            got[caller] = got.GetValueOrDefault(caller) + amount;
            foreach (var (other, jobs) in work)
                if (jobs > 0) due[other] = due.GetValueOrDefault(other) + amount / busy;
        }
        double[] parts = [.. due.Select(pair => Math.Min(1, got.GetValueOrDefault(pair.Key) / pair.Value))];
        return parts.Length == 0 ? 1 : Math.Pow(parts.Sum(), 2) / (parts.Length * parts.Sum(static part => part * part));
    }
}
