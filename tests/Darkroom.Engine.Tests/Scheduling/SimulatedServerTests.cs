using Darkroom.Benchmarks.Simulation;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;
using Darkroom.TestKit;
using FsCheck.Xunit;

namespace Darkroom.Engine.Tests.Scheduling;

/// <summary>What the step scheduler is for, on a virtual clock: the same figures on every machine.</summary>
public sealed class SimulatedServerTests
{
    private const int MaxBatch = 8;
    private static readonly SchedulingPolicy Policy = new() { MaxBatch = MaxBatch };
    private static readonly int[] AllSteps = [4, 8, 20, 20, 30, 50];

    private static TrueCosts Table(string name) => new(Path.Combine(Repository.Root, "tests", "Darkroom.Benchmarks", "Data", name + ".json"));

    private static Mix Mixed(TrueCosts costs) =>
        new() { Sides = [(costs.Sides[0], 0.6), (costs.Sides[1], 0.25), (costs.Sides[2], 0.15)], Steps = AllSteps, Unguided = 0.2 };

    private static Figures Run(ISimulatedServer server, Traffic traffic, TrueCosts costs, Func<SimulatedJob, bool>? only = null)
    {
        server.Run(traffic);
        Assert.All(traffic.Jobs, static job => Assert.False(double.IsNaN(job.End)));
        return Figures.Of(traffic, costs, only);
    }

    private static Figures Ours(TrueCosts costs, Traffic traffic, Func<SimulatedJob, bool>? only = null) =>
        Run(new StepServer(costs, Policy, noise: 0.02), traffic, costs, only);

    [Fact]
    public void Sixteen_clients_of_an_H100_get_twice_the_pictures_of_a_serial_server_and_none_waits_twice_its_part()
    {
        var costs = Table("h100");
        var ours = Ours(costs, Traffic.Closed(new Mix(), clients: 16, each: 30, seed: 1));
        var serial = Run(new SerialServer(costs, shortestFirst: false), Traffic.Closed(new Mix(), clients: 16, each: 30, seed: 1), costs);
        Assert.True(ours.Throughput >= 2 * serial.Throughput, $"{ours.Throughput:F2} against {serial.Throughput:F2} pictures a second");
        // Sixteen that share a device evenly which makes so many pictures a second at best wait 16 of its pictures each.
        Assert.True(ours.P99 <= 2 * 16 / new Mix().Capacity(costs, MaxBatch), $"p99 {ours.P99:F2} s");
    }

    [Theory]
    [InlineData("cpu-sd", 0.3)]
    [InlineData("cpu-sd", 0.9)]
    [InlineData("cpu-small", 0.3)]
    [InlineData("cpu-small", 0.7)]
    public void On_a_processor_nobody_waits_longer_than_in_a_plain_queue_and_short_jobs_less(string table, double load)
    {
        var costs = Table(table);
        foreach (var mix in (Mix[])[new Mix { Sides = [(costs.Sides[0], 1)] }, Mixed(costs)])
        {
            Traffic Fresh() => Traffic.Open(mix, 500, load * mix.Capacity(costs, MaxBatch), seed: 3);
            var ours = Ours(costs, Fresh());
            var queue = Run(new SerialServer(costs, shortestFirst: false), Fresh(), costs);
            Assert.True(ours.Mean <= 1.05 * queue.Mean, $"mean {ours.Mean:G3} against {queue.Mean:G3}");
            Assert.True(ours.Short <= (mix.Sides.Length > 1 ? 0.8 : 1.05) * queue.Short, $"short {ours.Short:G3} against {queue.Short:G3}");
        }
    }

    [Theory]
    [InlineData("h100", 0.7)]
    [InlineData("a100", 0.7)]
    public void On_a_GPU_mixed_traffic_is_served_sooner_than_in_static_batches(string table, double load)
    {
        var costs = Table(table);
        var mix = Mixed(costs);
        Traffic Fresh() => Traffic.Open(mix, 500, load * mix.Capacity(costs, MaxBatch), seed: 3);
        var ours = Ours(costs, Fresh());
        var batches = Run(new StaticBatchServer(costs, MaxBatch, patience: 0.06), Fresh(), costs);
        Assert.True(ours.Mean < batches.Mean && ours.Short < 0.5 * batches.Short && ours.WorstSlowdown < batches.WorstSlowdown);
    }

    [Fact]
    public void Small_picture_beside_a_large_one_waits_for_one_step_of_it()
    {
        var costs = Table("h100");
        var traffic = Traffic.Of([new SimulatedJob { Number = 0, Side = 1024, Steps = 50 },
            new SimulatedJob { Number = 1, Side = 512, Steps = 20, Arrival = 0.5 }]);
        new StepServer(costs, Policy).Run(traffic);
        var small = traffic.Jobs[1];
        double largeStep = costs.SecondsOf(traffic.Jobs[0].Denoiser, 2, CallWidth.Wide);
        Assert.True(small.FirstStep - small.Arrival <= largeStep + costs.SecondsOf(small.Text, 2, CallWidth.Wide) + 1e-9);
        Assert.True(small.Latency <= costs.Alone(small) + largeStep + 1e-9);
    }

    [Fact]
    public void Long_jobs_and_those_of_low_priority_are_not_starved()
    {
        var costs = Table("h100");
        var mix = Mixed(costs) with { Priorities = (0.1, 0.2) };
        var traffic = Traffic.Open(mix, 800, 0.8 * mix.Capacity(costs, MaxBatch), seed: 5);
        var ours = Ours(costs, traffic);
        double end = traffic.Jobs.Max(static job => job.Arrival);
        Assert.All(traffic.Jobs, job => Assert.True(job.Latency < 0.5 * end, $"{job.Side}, {job.Steps} steps, {job.Priority}: {job.Latency:F1} of {end:F1} s"));
        Assert.True(Figures.Of(traffic, costs, static job => job.Priority == JobPriority.High).Mean < Figures.Of(traffic, costs, static job =>
            job.Priority == JobPriority.Low).Mean);
        Assert.True(ours.WorstSlowdown < 200);
    }

    [Theory]
    [InlineData("h100")]
    [InlineData("cpu-small")]
    public void Greedy_caller_harms_those_within_their_share_little(string table)
    {
        var costs = Table(table);
        var three = new Mix { Sides = [(costs.Sides[0], 1)], Callers = [("a", 1), ("b", 1), ("c", 1)] };
        var greedy = three with { Callers = [.. three.Callers, ("greedy", 12)] };
        double most = three.Capacity(costs, MaxBatch);
        var beside = Ours(costs, Traffic.Open(greedy, 800, 1.5 * most, seed: 2), static job => job.Caller != "greedy");
        var alone = Ours(costs, Traffic.Open(three, 800, 0.3 * most, seed: 2));
        var queue = Run(new SerialServer(costs, shortestFirst: false), Traffic.Open(greedy, 800, 1.5 * most, seed: 2), costs, static job =>
            job.Caller != "greedy");
        Assert.True(beside.Mean < 3 * alone.Mean, $"{beside.Mean:F2} beside, {alone.Mean:F2} s without");
        Assert.True(beside.Mean < 0.1 * queue.Mean);
        Assert.True(beside.Fairness > 0.9);
    }

    [Property(MaxTest = 40)]
    public void Whatever_comes_fails_or_is_cancelled_no_row_is_lost_or_run_twice_for_one_step(int seed)
    {
        var random = new Random(seed);
        var costs = Table(random.Next(2) == 0 ? "h100" : "cpu-small");
        var mix = Mixed(costs) with { Callers = [("a", 1), ("b", 3)], Priorities = (0.2, 0.2) };
        var traffic = Traffic.Open(mix, 80, (0.3 + random.NextDouble()) * mix.Capacity(costs, MaxBatch), seed, burst: 1 + random.Next(6));
        HashSet<int> begun = [], left = [], failed = [];
        double free = 0;
        var server = new StepServer(costs, Policy, noise: 0.3, seed)
        {
            Fails = evaluation => random.Next(400) == 0 && failed.Add(evaluation.Row),
            Started = (now, batch, seconds) =>
            {
                foreach (int row in batch.Evaluations.Select(static evaluation => evaluation.Row).Distinct())
                {
                    Assert.DoesNotContain(row, left);
                    begun.Add(row);
                }
                if (costs.Threads > 1) return;
                Assert.True(now >= free - 1e-9, "One call at a time.");
                free = now + seconds;
            },
            Left = (_, row) =>
            {
                Assert.True(left.Add(row.Number), "A row leaves once.");
                if (row.Stage is null) Assert.Equal(row.Member.Job.Steps, row.StepsDone);
            },
        };
        foreach (int job in Enumerable.Range(0, 80).Where(_ => random.Next(10) == 0)) server.Cancels[job] = random.NextDouble() * 20;
        server.Run(traffic);

        Assert.Equal(80, traffic.Jobs.Count);
        Assert.Subset(left, begun);
        int finished = traffic.Jobs.Count(static job => !double.IsNaN(job.End));
        Assert.True(finished >= 80 - failed.Count - server.Cancels.Count, "Who did not fail and was not cancelled is finished.");
    }
}
