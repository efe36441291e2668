using System.Globalization;
using Darkroom.Engine.Scheduling;
using Darkroom.TestKit;

namespace Darkroom.Benchmarks.Simulation;

/// <summary>
/// <c>simulate</c>: the step scheduler against three other servers on the same traffic, on a virtual clock. Seconds of work for hours of traffic, and
/// the same figures every time.
/// </summary>
internal static class Simulate
{
    private const int MaxBatch = 8, Jobs = 1500, Seed = 2;

    /// <summary>Calls vary by two hundredths, as on a quiet machine.</summary>
    private const double Noise = 0.02;

    public static readonly string Data = Path.Combine(Repository.Root, "tests", "Darkroom.Benchmarks", "Data");

    /// <param name="arguments">Names of tables in Data (all where none is named); <c>--chart FILE</c> draws the curve for an H100 instead.</param>
    public static int Run(string[] arguments)
    {
        if (arguments is ["--chart", var file])
        {
            File.WriteAllText(file, LatencyChart.Draw(new TrueCosts(Path.Combine(Data, "h100.json"))));
            return 0;
        }
        string[] names = ["h100", "h100-cautious", "a100", "cpu-sd", "cpu-small", "starter-2cores"];
        foreach (string name in arguments.Length > 0 ? arguments : names)
        {
            string path = Path.Combine(Data, name + ".json");
            if (File.Exists(path)) Report(new TrueCosts(path));
            else Console.Error.WriteLine($"There is no table {path}.");
        }
        return 0;
    }

    /// <summary>Every server on one kind of traffic; each run gets a fresh copy of it.</summary>
    public static IEnumerable<(ISimulatedServer Server, Traffic Traffic)> Compare(TrueCosts costs, Func<Traffic> traffic)
    {
        double patience = costs.Alone(new SimulatedJob { Side = costs.Sides[0] }) / 4;
        ISimulatedServer[] servers =
        [
            new StepServer(costs, new SchedulingPolicy { MaxBatch = MaxBatch }, Noise), new SerialServer(costs, shortestFirst: false),
            new StaticBatchServer(costs, MaxBatch, patience), new SerialServer(costs, shortestFirst: true),
        ];
        foreach (var server in servers)
        {
            var run = traffic();
            server.Run(run);
            yield return (server, run);
        }
    }

    private static void Report(TrueCosts costs)
    {
        var equal = new Mix { Sides = [(costs.Sides[0], 1)] };
        double[] shares = [0.6, 0.25, 0.15];
        var mixed = new Mix { Sides = [.. costs.Sides.Take(3).Zip(shares)], Steps = [4, 8, 20, 20, 30, 50], Unguided = 0.2 };
        double alone = costs.Alone(new SimulatedJob { Side = costs.Sides[0] }), most = equal.Capacity(costs, MaxBatch);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

            ## {costs.Machine}

            {costs.Sides[0]} x {costs.Sides[0]}, 20 steps, guided: {alone:G3} s alone;
            {most:G3} pictures a second at best, {most * alone:F2} times the serial server's.
            A load is a share of what the device does at best for that traffic. Times are seconds.

            | traffic | server | pictures/s | mean | p50 | p95 | p99 | first step | short third | worst slowdown | fairness | batch |
            |---|---|---|---|---|---|---|---|---|---|---|---|
            """));
        Print("16 clients, equal", costs, () => Traffic.Closed(equal, 16, 60, Seed));
        Print("16 clients, mixed", costs, () => Traffic.Closed(mixed, 16, 60, Seed));
        foreach (double load in (double[])[0.3, 0.5, 0.7, 0.9, 0.95, 1.2])
            Print($"equal, load {load}", costs, () => Traffic.Open(equal, Jobs, load * most, Seed));
        double capacity = mixed.Capacity(costs, MaxBatch);
        foreach (double load in (double[])[0.3, 0.5, 0.7, 0.9, 0.95, 1.2])
            Print($"mixed, load {load}", costs, () => Traffic.Open(mixed, Jobs, load * capacity, Seed));
        Print("equal, load 0.7, bursts of 12", costs, () => Traffic.Open(equal, Jobs, 0.7 * most, Seed, burst: 12));

        // Three callers within their share, alone and beside one that asks for more than the whole device.
        var three = equal with { Callers = [("a", 1), ("b", 1), ("c", 1)] };
        Print("three callers, load 0.3", costs, () => Traffic.Open(three, Jobs, 0.3 * most, Seed));
        var greedy = equal with { Callers = [.. three.Callers, ("greedy", 12)] };
        Print("the same three beside one of load 1.2", costs, () => Traffic.Open(greedy, Jobs, 1.5 * most, Seed), static job => job.Caller != "greedy");

        var urgent = mixed with { Priorities = (0.1, 0.2) };
        foreach (var priority in Enum.GetValues<Engine.Jobs.JobPriority>())
            Print($"mixed, load 0.9, {priority} priority", costs, () => Traffic.Open(urgent, Jobs, 0.9 * capacity, Seed), job => job.Priority == priority);
        PrintLong(costs);
    }

    /// <summary>A long job beside clients that send short ones all the time: what the long one takes, and what the short ones do.</summary>
    private static void PrintLong(TrueCosts costs)
    {
        Console.WriteLine("""

            A job of 150 steps beside clients that ask for 2 steps all the time:

            | clients | alone | beside them | times alone | mean of the short jobs |
            |---|---|---|---|---|
            """);
        foreach (int clients in (int[])[8, 24, 64])
        {
            var traffic = Traffic.Beside(
                new Mix { Sides = [(costs.Sides[0], 1)], Steps = [2] }, new Mix { Sides = [(costs.Sides[0], 1)], Steps = [150] }, clients, longJobs: 1, Seed);
            new StepServer(costs, new SchedulingPolicy { MaxBatch = MaxBatch }, Noise).Run(traffic);
            var job = traffic.Jobs.Find(static job => job.Steps == 150)!;
            double alone = costs.Alone(job), brief = traffic.Jobs.Where(static job => job.Steps == 2).Average(static job => job.Latency);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {clients} | {alone:G3} | {job.Latency:G3} | {job.Latency / alone:F1} | {brief:G3} |"));
        }
    }

    private static void Print(string name, TrueCosts costs, Func<Traffic> traffic, Func<SimulatedJob, bool>? only = null)
    {
        foreach (var (server, run) in Compare(costs, traffic))
        {
            var f = Figures.Of(run, costs, only);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {server.Name} | {f.Throughput:G3} | {f.Mean:G3} | {f.Median:G3} | {f.P95:G3} | {f.P99:G3} | " +
                $"{f.FirstStep:G3} | {f.Short:G3} | {f.WorstSlowdown:F1} | {f.Fairness:F2} | {f.Batch:F2} |"));
        }
    }
}
