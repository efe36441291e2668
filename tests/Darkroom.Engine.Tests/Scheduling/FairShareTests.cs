using Darkroom.Engine.Scheduling;
using FsCheck.Xunit;

namespace Darkroom.Engine.Tests.Scheduling;

public sealed class FairShareTests
{
    private const double Step = 0.262144; // megapixels of a 512 x 512 picture: not a number that sums exactly

    [Property(MaxTest = 100)]
    public void Shares_of_callers_who_always_have_work_become_their_weights(int seed)
    {
        var random = new Random(seed);
        string[] callers = [.. Enumerable.Range(0, 2 + random.Next(4)).Select(static i => $"caller {i}")];
        var weights = callers.ToDictionary(static caller => caller, _ => 0.5 + random.NextDouble() * 3);
        var got = callers.ToDictionary(static caller => caller, static _ => 0.0);
        var shares = new FairShare { WeightOf = caller => weights[caller] };
        double sum = 0;
        for (int step = 0; step < 40_000; step++)
        {
            shares.BeginRounds(callers.ToHashSet(), 20 * Step);
            string next = callers.First(caller => !shares.IsOver(caller));
            double used = Step * (1 + random.Next(4));
            shares.Charge(next, used);
            got[next] += used;
            sum += used;
        }
        foreach (string caller in callers) Assert.Equal(weights[caller] / weights.Values.Sum(), got[caller] / sum, 0.02);
    }

    [Fact]
    public void One_caller_is_never_over()
    {
        var shares = new FairShare();
        shares.BeginRounds(new HashSet<string> { "a" }, 1);
        shares.Charge("a", 100);
        Assert.False(shares.IsOver("a"));
    }

    [Fact]
    public void Who_had_nothing_to_do_comes_with_one_round_and_no_more()
    {
        var shares = new FairShare();
        for (int i = 0; i < 50; i++)
        {
            shares.BeginRounds(new HashSet<string> { "busy", "other" }, 1);
            shares.Charge("busy", 0.5);
            shares.Charge("other", 0.5);
        }
        shares.BeginRounds(new HashSet<string> { "busy", "other", "late" }, 1);
        shares.Charge("late", 0.9);
        Assert.False(shares.IsOver("late"));
        shares.Charge("late", 0.2);
        Assert.True(shares.IsOver("late"));
    }

    [Fact]
    public void Newcomer_is_within_its_share_beside_one_who_used_the_device_alone()
    {
        var shares = new FairShare();
        for (int i = 0; i < 1000; i++)
        {
            shares.BeginRounds(new HashSet<string> { "greedy" }, 1);
            shares.Charge("greedy", 0.3);
        }
        shares.BeginRounds(new HashSet<string> { "greedy", "newcomer" }, 1);
        Assert.False(shares.IsOver("newcomer"));
        // What the other used alone is not held against it: it owes the rest of one picture at most.
        shares.Charge("newcomer", 2);
        shares.BeginRounds(new HashSet<string> { "greedy", "newcomer" }, 1);
        Assert.False(shares.IsOver("greedy"));
    }

    [Fact]
    public void Picture_that_a_round_serves_is_not_interrupted_by_its_own_last_step()
    {
        var shares = new FairShare();
        shares.BeginRounds(new HashSet<string> { "a", "b" }, 20 * Step);
        for (int step = 0; step < 20; step++)
        {
            Assert.False(shares.IsOver("a", begun: true));
            shares.Charge("a", Step);
        }
        Assert.False(shares.IsOver("a", begun: true));
        Assert.True(shares.IsOver("a"));
        shares.Charge("a", Step);
        Assert.True(shares.IsOver("a", begun: true));
    }

    /// <summary>Residues of sums that do not come out at 0 must not be taken for a share that is left: nobody would ever begin another round.</summary>
    [Property(MaxTest = 300)]
    public void There_is_always_one_who_may_begin(int seed)
    {
        var random = new Random(seed);
        string[] all = ["a", "b", "c", "d"];
        var shares = new FairShare();
        for (int i = 0; i < 300; i++)
        {
            var active = all.Where(_ => random.Next(3) > 0).ToHashSet();
            if (active.Count == 0) continue;
            shares.BeginRounds(active, random.Next(1, 5) * 5 * Step);
            Assert.Contains(active, caller => !shares.IsOver(caller));
            foreach (string caller in active)
                for (int step = random.Next(30); step > 0; step--) shares.Charge(caller, Step);
        }
    }
}
