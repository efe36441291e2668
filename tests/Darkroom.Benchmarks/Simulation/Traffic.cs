using Darkroom.Engine.Jobs;

namespace Darkroom.Benchmarks.Simulation;

/// <summary>Who sends what: the same for every server that is compared. One is used for one run.</summary>
internal sealed class Traffic
{
    private readonly Func<SimulatedJob, SimulatedJob?> after;

    private Traffic(IEnumerable<SimulatedJob> first, Func<SimulatedJob, SimulatedJob?> after)
    {
        Arrivals = new PriorityQueue<SimulatedJob, (double, int)>(first.Select(static job => (job, (job.Arrival, job.Number))));
        this.after = after;
    }

    /// <summary>Jobs to come, by time.</summary>
    public PriorityQueue<SimulatedJob, (double, int)> Arrivals { get; }

    /// <summary>Every job that came.</summary>
    public List<SimulatedJob> Jobs { get; } = [];

    /// <summary>What devices worked for whom, and when.</summary>
    public List<(double Time, string Caller, double MegapixelSteps)> Served { get; } = [];

    /// <summary>Sizes of denoiser calls, in rows.</summary>
    public List<int> Batches { get; } = [];

    /// <summary>Seconds until the next job comes; infinite where none will.</summary>
    public double Next => Arrivals.TryPeek(out _, out var at) ? at.Item1 : double.PositiveInfinity;

    public SimulatedJob Take()
    {
        var job = Arrivals.Dequeue();
        Jobs.Add(job);
        return job;
    }

    /// <summary>A job is done: a client that waited for it may send its next.</summary>
    public void Ended(SimulatedJob job, double now)
    {
        job.End = now;
        if (after(job) is not { } next) return;
        next.Arrival = now;
        Arrivals.Enqueue(next, (now, next.Number));
    }

    /// <summary>Arrivals at times that do not depend on the server.</summary>
    /// <param name="jobs">How many.</param>
    /// <param name="perSecond">Mean rate.</param>
    /// <param name="burst">Mean number that come at once; 1 for a Poisson process.</param>
    public static Traffic Open(Mix mix, int jobs, double perSecond, int seed, int burst = 1)
    {
        ArgumentNullException.ThrowIfNull(mix);
        var random = new Random(seed);
        var list = new List<SimulatedJob>();
        double time = 0;
        for (int left = 0; list.Count < jobs; left--)
        {
            if (left == 0)
            {
                left = burst == 1 ? 1 : 1 + random.Next(2 * burst - 1);
                time -= Math.Log(1 - random.NextDouble()) * burst / perSecond;
            }
            list.Add(mix.Draw(random, list.Count, time));
        }
        return new Traffic(list, static _ => null);
    }

    /// <summary>These jobs, each at its time.</summary>
    public static Traffic Of(IEnumerable<SimulatedJob> jobs) => new(jobs, static _ => null);

    /// <summary>Clients that each wait for their picture and send the next request at once.</summary>
    public static Traffic Closed(Mix mix, int clients, int each, int seed)
    {
        ArgumentNullException.ThrowIfNull(mix);
        var queues = new List<Queue<SimulatedJob>>();
        for (int client = 0; client < clients; client++)
        {
            var random = new Random(seed * 1000 + client);
            queues.Add(new(Enumerable.Range(0, each).Select(index => mix.Draw(random, index * clients + client, 0, $"client {client}"))));
        }
        return new Traffic(queues.Select(static queue => queue.Dequeue()).ToArray(), job => queues[job.Number % clients].TryDequeue(out var next) ? next
            : null);
    }

    /// <summary>
    /// One client whose requests are long beside many whose requests are short, each sending the next when it has the last, until the first has had all of its
    /// own.
    /// </summary>
    /// <param name="shortJob">What the many ask for.</param>
    /// <param name="longJob">What the one asks for.</param>
    /// <param name="clients">The many.</param>
    /// <param name="longJobs">Requests of the one.</param>
    public static Traffic Beside(Mix shortJob, Mix longJob, int clients, int longJobs, int seed)
    {
        ArgumentNullException.ThrowIfNull(shortJob);
        ArgumentNullException.ThrowIfNull(longJob);
        var random = new Random(seed);
        int last = 0, left = longJobs;
        HashSet<int> longs = [];
        SimulatedJob Long()
        {
            left--;
            longs.Add(last);
            return longJob.Draw(random, last++, 0);
        }
        SimulatedJob? After(SimulatedJob job)
        {
            if (!longs.Remove(job.Number)) return left > 0 || longs.Count > 0 ? shortJob.Draw(random, last++, 0) : null;
            return left > 0 ? Long() : null;
        }
        return new Traffic([.. Enumerable.Range(0, clients).Select(_ => shortJob.Draw(random, last++, 0)), Long()], After);
    }
}

/// <summary>What requests look like.</summary>
internal sealed record Mix
{
    /// <summary>Sides in pixels, and how often each is asked for.</summary>
    public (int Side, double Share)[] Sides { get; init; } = [(512, 1)];

    /// <summary>Each as often as the others.</summary>
    public int[] Steps { get; init; } = [20];

    /// <summary>Share of requests without guidance: one evaluation a step.</summary>
    public double Unguided { get; init; }

    /// <summary>Callers and how often each sends.</summary>
    public (string Name, double Share)[] Callers { get; init; } = [("one", 1)];

    /// <summary>Share of requests of high, and of low priority.</summary>
    public (double High, double Low) Priorities { get; init; }

    public SimulatedJob Draw(Random random, int number, double arrival, string? caller = null)
    {
        ArgumentNullException.ThrowIfNull(random);
        double priority = random.NextDouble();
        return new SimulatedJob
        {
            Number = number,
            Arrival = arrival,
            Caller = caller ?? Pick(Callers, random),
            Side = Pick(Sides, random),
            Steps = Steps[random.Next(Steps.Length)],
            Lanes = random.NextDouble() < Unguided ? 1 : 2,
            Priority = priority < Priorities.High ? JobPriority.High : priority < Priorities.High + Priorities.Low ? JobPriority.Low : JobPriority.Normal,
        };
    }

    /// <summary>
    /// Jobs a second that the device does at best: every call as large and as wide as is best for the throughput, none ever waiting for another.
    /// No server reaches it; loads are shares of it.
    /// </summary>
    public double Capacity(TrueCosts costs, int maxBatch)
    {
        var random = new Random(1);
        return 1000 / Enumerable.Range(0, 1000).Sum(number => Draw(random, number, 0).AtBest(costs, maxBatch));
    }

    private static T Pick<T>((T Value, double Share)[] of, Random random)
    {
        double at = random.NextDouble() * of.Sum(static one => one.Share);
        foreach (var (value, share) in of)
            if ((at -= share) < 0) return value;
        return of[^1].Value;
    }
}
