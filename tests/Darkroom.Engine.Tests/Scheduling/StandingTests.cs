using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;
using FsCheck.Xunit;

namespace Darkroom.Engine.Tests.Scheduling;

public sealed class StandingTests
{
    private static readonly SchedulingPolicy Policy = new();

    [Property(MaxTest = 2000)]
    public void Is_a_total_order(int seed)
    {
        var random = new Random(seed);
        Standing a = Views.AnyStanding(random), b = random.Next(4) == 0 ? a : Views.AnyStanding(random),
        c = random.Next(4) == 0 ? b : Views.AnyStanding(random);
        Assert.Equal(0, Standing.Compare(a, a, Policy));
        Assert.Equal(Math.Sign(Standing.Compare(a, b, Policy)), -Math.Sign(Standing.Compare(b, a, Policy)));
        if (Standing.Compare(a, b, Policy) <= 0 && Standing.Compare(b, c, Policy) <= 0) Assert.True(Standing.Compare(a, c, Policy) <= 0);
    }

    [Fact]
    public void Shortest_goes_first_and_of_equals_the_oldest()
    {
        Assert.True(Before(Views.Fresh(1), Views.Fresh(2)));
        Assert.True(Before(Views.Fresh(2, age: 3), Views.Fresh(2, age: 1)));
    }

    [Fact]
    public void Row_that_runs_pulls_ahead_of_its_equals() => Assert.True(Before(new Standing(1, 0.9, 1), new Standing(1, 1, 1)));

    [Fact]
    public void Caller_within_its_share_goes_before_any_that_is_not() =>
        Assert.True(Before(new Standing(0, 100, 100, JobPriority.Low), new Standing(1000, 0.1, 1, JobPriority.High, OverShare: true)));

    [Fact]
    public void Priority_counts_like_a_length()
    {
        Assert.True(Before(new Standing(0, 7, 7, JobPriority.High), Views.Fresh(1)));
        Assert.True(Before(Views.Fresh(7), new Standing(0, 1, 1, JobPriority.Low)));
        Assert.True(Before(Views.Fresh(1), new Standing(0, 9, 9, JobPriority.High)));
    }

    /// <summary>Nobody stays behind those that come for ever: after a wait of ratio times its own length it goes before jobs so much shorter.</summary>
    [Property(MaxTest = 500)]
    public void Whoever_waits_long_enough_goes_before_any_newcomer(int seed)
    {
        var random = new Random(seed);
        var waits = Views.AnyStanding(random) with { OverShare = false };
        var comes = Views.AnyStanding(random) with { Age = 0, OverShare = false };
        double ratio = Math.Max(1, waits.Remaining / Math.Max(comes.Remaining, 1e-6)) * Policy.PriorityFactor * Policy.PriorityFactor;
        Assert.True(Before(waits with { Age = (ratio + 1) * Math.Max(waits.Total, 1e-6) }, comes));
    }

    private static bool Before(Standing one, Standing other) => Standing.Compare(one, other, Policy) < 0;
}
