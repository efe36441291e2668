using Darkroom.Engine.Scheduling;

namespace Darkroom.Benchmarks.Simulation;

/// <summary>A server that can be fed with traffic.</summary>
internal interface ISimulatedServer
{
    string Name { get; }

    /// <summary>Runs the traffic to its end and notes in the jobs what became of them.</summary>
    void Run(Traffic traffic);
}

/// <summary>One request after the other, guidance in one call: the oldest first, or, knowing the true times, the shortest first.</summary>
internal sealed class SerialServer(TrueCosts truth, bool shortestFirst) : ISimulatedServer
{
    public string Name => shortestFirst ? "shortest first" : "serial";

    public void Run(Traffic traffic)
    {
        ArgumentNullException.ThrowIfNull(traffic);
        var waiting = new List<SimulatedJob>();
        for (double now = 0; waiting.Count > 0 || traffic.Arrivals.Count > 0;)
        {
            if (waiting.Count == 0) now = Math.Max(now, traffic.Next);
            while (traffic.Next <= now) waiting.Add(traffic.Take());
            var job = shortestFirst ? waiting.MinBy(job => job.Alone(SecondsOf))! : waiting[0];
            waiting.Remove(job);
            for (int picture = 0; picture < job.Count; picture++)
            {
                now += SecondsOf(job.Text, job.Lanes);
                if (picture == 0) job.FirstStep = now;
                for (int step = 0; step < job.Steps; step++)
                {
                    now += SecondsOf(job.Denoiser, job.Lanes);
                    traffic.Served.Add((now, job.Caller, job.MegapixelSteps));
                    traffic.Batches.Add(1);
                }
                now += SecondsOf(job.Decoder, 1);
            }
            traffic.Ended(job, now);
        }
    }

    private double SecondsOf(CostKey call, int evaluations) => truth.SecondsOf(call, evaluations, CallWidth.Wide);
}

/// <summary>
/// Waits until as many requests of one size as a batch holds are there, or until the oldest has waited for long enough, and runs them to the end
/// together. Rows that have done all their steps cost nothing more, but all leave together.
/// </summary>
/// <param name="patience">Seconds that the oldest waits for company.</param>
internal sealed class StaticBatchServer(TrueCosts truth, int maxBatch, double patience) : ISimulatedServer
{
    public string Name => "static batches";

    public void Run(Traffic traffic)
    {
        ArgumentNullException.ThrowIfNull(traffic);
        var waiting = new List<SimulatedJob>();
        for (double now = 0; waiting.Count > 0 || traffic.Arrivals.Count > 0;)
        {
            if (waiting.Count == 0) now = Math.Max(now, traffic.Next);
            while (traffic.Next <= now) waiting.Add(traffic.Take());
            var full = waiting.GroupBy(static job => job.Side).FirstOrDefault(group => group.Count() >= maxBatch);
            if (full is null && now < waiting[0].Arrival + patience && traffic.Arrivals.Count > 0)
            {
                now = Math.Min(traffic.Next, waiting[0].Arrival + patience);
                continue;
            }
            SimulatedJob[] batch = [.. (full ?? waiting.GroupBy(static job => job.Side).First()).Take(maxBatch)];
            waiting.RemoveAll(batch.Contains);
            now = RunBatch(batch, now, traffic);
            foreach (var job in batch) traffic.Ended(job, now);
        }
    }

    private double RunBatch(SimulatedJob[] batch, double now, Traffic traffic)
    {
        now += truth.SecondsOf(batch[0].Text, batch.Sum(static job => job.Lanes), CallWidth.Wide);
        foreach (var job in batch) job.FirstStep = now;
        for (int step = 0; step < batch.Max(static job => job.Steps); step++)
        {
            SimulatedJob[] left = [.. batch.Where(job => job.Steps > step)];
            now += truth.SecondsOf(batch[0].Denoiser, left.Sum(static job => job.Lanes), CallWidth.Wide);
            foreach (var job in left) traffic.Served.Add((now, job.Caller, job.MegapixelSteps));
            traffic.Batches.Add(left.Length);
        }
        return now + truth.SecondsOf(batch[0].Decoder, batch.Length, CallWidth.Wide);
    }
}
