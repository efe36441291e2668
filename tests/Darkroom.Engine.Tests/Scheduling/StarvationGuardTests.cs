using Darkroom.Benchmarks.Simulation;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;
using Darkroom.TestKit;
using FsCheck.Xunit;

namespace Darkroom.Engine.Tests.Scheduling;

/// <summary>Nobody waits for ever behind those that come after it: the guard alone, and with the whole step scheduler on a virtual clock.</summary>
public sealed class StarvationGuardTests
{
    private static readonly SchedulingPolicy Policy = new() { MaxBatch = 8 };
    private readonly StarvationGuard guard = new(Policy);

    private static TrueCosts Table(string name) => new(Path.Combine(Repository.Root, "tests", "Darkroom.Benchmarks", "Data", name + ".json"));

    [Fact]
    public void Job_is_late_when_it_is_old_for_its_length_and_for_what_turns_would_take()
    {
        double stretch = Policy.LateStretch, turns = Policy.LateAfterTurns;
        Assert.Equal(0, Debt(Views.Fresh(10, age: 0.9 * stretch * 10)));
        Assert.True(Debt(Views.Fresh(10, age: 1.1 * stretch * 10)) > 0);
        // Five as long: 50 seconds by turns. Nine that are short: hardly longer than alone.
        var five = Enumerable.Repeat(Views.Fresh(10), 4).ToArray();
        Assert.Equal(0, Debt(Views.Fresh(10, age: 0.9 * turns * 50), five));
        Assert.True(Debt(Views.Fresh(10, age: 1.1 * turns * 50), five) > 0);
        var nine = Enumerable.Repeat(Views.Fresh(0.1), 9).ToArray();
        Assert.True(Debt(Views.Fresh(10, age: 1.1 * stretch * 10), nine) > 0);
        // A longer one counts for as much as it can hold this one up by turns.
        Assert.True(Debt(Views.Fresh(10, age: 1.1 * turns * 20), Views.Fresh(1000)) > 0);
    }

    [Fact]
    public void Late_job_of_low_priority_waits_longer()
    {
        Assert.Equal(0, Debt(Views.Fresh(10, age: 7 * Policy.LateStretch * 10) with { Priority = JobPriority.Low }));
        Assert.True(Debt(Views.Fresh(10, age: 9 * Policy.LateStretch * 10) with { Priority = JobPriority.Low }) > 0);
    }

    [Fact]
    public void Late_jobs_have_the_share_in_equal_parts_and_progress_pays_the_debt()
    {
        var late = Views.Fresh(10, age: 1000);
        Look(0, late, late);
        Assert.Equal(0, guard.DebtTo("0"));
        Look(4, late, late);
        Assert.Equal(4 * Policy.LateShare / 2, guard.DebtTo("0"), 1e-9);
        Assert.Equal(guard.DebtTo("0"), guard.DebtTo("1"), 1e-9);
        Look(4, late with { Remaining = 10 - 4 * Policy.LateShare / 2 }, late);
        Assert.Equal(0, guard.DebtTo("0"));
        Assert.True(guard.DebtTo("1") > 0);
        Look(4, late); // the other one has left
        Look(8, late);
        Assert.Equal(4 * Policy.LateShare / 2 + 4 * Policy.LateShare, guard.DebtTo("0"), 1e-9);
    }

    [Fact]
    public void Nothing_becomes_due_while_a_model_is_loaded()
    {
        for (int second = 0; second < 100; second++)
        {
            guard.Begin(second);
            guard.Add("0", Views.Fresh(1, age: 100 + second), isHeldUp: true);
            guard.End();
        }
        Assert.Equal(0, guard.DebtTo("0"));
    }

    [Fact]
    public void Debt_is_never_more_than_what_is_left()
    {
        Look(0, Views.Fresh(10, age: 1000));
        Look(1e6, new Standing(1e6, 3, 10));
        Assert.Equal(3, guard.DebtTo("0"), 1e-9);
    }

    [Fact]
    public void A_look_at_many_jobs_allocates_nothing()
    {
        var standings = Enumerable.Range(0, 300).Select(i => Views.Fresh(1 + i, age: i % 3 * 100_000)).ToArray();
        string[] ids = [.. standings.Select(static (_, i) => $"{i}")];
        long allocated = long.MaxValue;
        for (int round = 0; round < 3; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int second = 0; second < 100; second++)
            {
                guard.Begin(round * 100 + second);
                for (int i = 0; i < ids.Length; i++) guard.Add(ids[i], standings[i]);
                guard.End();
            }
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Assert.Equal(0, allocated);
        Assert.True(guard.DebtTo("1") > 0);
    }

    /// <summary>The case that this is for: a job of 150 steps beside clients that ask for 2 steps all the time.</summary>
    [Theory]
    [InlineData("starter-2cores", 24, 64)]
    [InlineData("cpu-small", 24, 64)]
    [InlineData("h100", 8, 512)]
    [InlineData("h100", 24, 512)]
    [InlineData("h100", 24, 1024)]
    public void Long_job_beside_a_stream_of_short_ones_takes_ten_times_as_long_as_alone_at_most(string table, int clients, int side)
    {
        var costs = Table(table);
        var traffic = Traffic.Beside(
            new Mix { Sides = [(costs.Sides[0], 1)], Steps = [2] }, new Mix { Sides = [(side, 1)], Steps = [150] }, clients, longJobs: 1, seed: 1);
        new StepServer(costs, Policy, noise: 0.02).Run(traffic);
        var job = Assert.Single(traffic.Jobs, static job => job.Steps == 150);
        Assert.True(job.Latency <= 10 * costs.Alone(job), $"{job.Latency:F1} s, {costs.Alone(job):F1} alone");
    }

    /// <summary>The promise: done within (3 + 4) times the length, times the jobs at once, and a call of each of those, whatever comes.</summary>
    [Property(MaxTest = 40)]
    public void Every_job_is_done_within_seven_times_its_length_times_the_jobs_at_once(int seed)
    {
        var random = new Random(seed);
        string[] tables = ["h100", "a100", "cpu-small", "starter-2cores"];
        var costs = Table(tables[random.Next(tables.Length)]);
        int[] steps = [.. Enumerable.Range(0, 1 + random.Next(4)).Select(_ => (int)Math.Exp(random.NextDouble() * 5))];
        var mix = new Mix
        {
            Sides = [.. costs.Sides.Take(3).Select(side => (side, random.NextDouble() + 0.01))], Steps = steps, Unguided = random.NextDouble(),
        };
        double perSecond = (0.5 + 1.5 * random.NextDouble()) * mix.Capacity(costs, Policy.MaxBatch);
        var traffic = random.Next(3) == 0
            ? Traffic.Beside(mix with { Steps = [steps.Min()] }, mix with { Steps = [50 + random.Next(100)] }, 1 + random.Next(40), longJobs: 2, seed)
            : Traffic.Open(mix, 150, perSecond, seed, burst: 1 + random.Next(8));
        double longest = 0;
        var server = new StepServer(costs, Policy, noise: 0.05, seed) { Started = (_, _, seconds) => longest = Math.Max(longest, seconds) };
        server.Run(traffic);
        foreach (var job in traffic.Jobs)
        {
            int atOnce = MaxAtOnce(traffic, job);
            double most = (Policy.LateAfterTurns + 1 / Policy.LateShare) * costs.Alone(job) * atOnce + longest * atOnce;
            Assert.True(job.Latency <= most, $"{job.Steps} steps of {job.Side}: {job.Latency:F1} s, {costs.Alone(job):F2} alone, {atOnce} at once");
        }
    }

    /// <summary>Maximum of jobs at once while a job was there, itself included.</summary>
    private static int MaxAtOnce(Traffic traffic, SimulatedJob job)
    {
        SimulatedJob[] beside = [.. traffic.Jobs.Where(other => other.Arrival <= job.End && other.End >= job.Arrival)];
        return beside.Max(moment => beside.Count(other => other.Arrival <= moment.Arrival && other.End >= moment.Arrival));
    }

    /// <summary>What a job of this standing is owed after some seconds beside others.</summary>
    private static double Debt(Standing job, params Standing[] others)
    {
        var test = new StarvationGuardTests();
        test.Look(0, [job, .. others]);
        test.Look(1, [job, .. others]);
        return test.guard.DebtTo("0");
    }

    private void Look(double now, params Standing[] jobs)
    {
        guard.Begin(now);
        for (int i = 0; i < jobs.Length; i++) guard.Add($"{i}", jobs[i]);
        guard.End();
    }
}
