using Darkroom.Engine.Scheduling;

namespace Darkroom.Engine.Tests.Scheduling;

public sealed class CallLimitTests
{
    [Theory]
    [InlineData(0.02, null, 20)]
    [InlineData(0.9, null, 20)]
    [InlineData(6, null, 120)]
    [InlineData(6, 15.0, 15)]
    [InlineData(0.02, 300.0, 300)]
    public void Call_may_take_20_seconds_or_20_times_its_estimate_unless_the_settings_say(double estimate, double? setting, double max)
    {
        var batch = new Batch();
        Assert.Equal(new CallLimit(estimate, max), CallLimit.Of(new FixedCost(estimate), batch, setting));
    }

    [Theory]
    [InlineData(19.9, null, true, nameof(CallVerdict.GoOn))]
    [InlineData(20.0, null, true, nameof(CallVerdict.Stop))]
    [InlineData(20.0, null, false, nameof(CallVerdict.Stop))]
    [InlineData(25.0, 5.0, true, nameof(CallVerdict.GoOn))]
    [InlineData(30.1, 10.0, true, nameof(CallVerdict.GiveUp))]
    [InlineData(30.1, 10.0, false, nameof(CallVerdict.GiveUp))]
    public void Call_past_its_time_is_stopped_and_its_device_given_up_where_it_does_not_come_back(
        double elapsed, double? sinceStop, bool isWanted, string verdict) =>
        Assert.Equal(verdict, new CallLimit(0.5, 20).Decide(elapsed, sinceStop, isWanted).ToString());

    [Theory]
    [InlineData(5, 0.1, nameof(CallVerdict.Stop))] // nearly all of it is left
    [InlineData(5, 4.5, nameof(CallVerdict.GoOn))] // as good as done
    [InlineData(5, 5.5, nameof(CallVerdict.GoOn))]
    [InlineData(5, 6.5, nameof(CallVerdict.Stop))] // late, and nobody knows by how much
    [InlineData(0.02, 0.01, nameof(CallVerdict.GoOn))]
    [InlineData(0.02, 3, nameof(CallVerdict.Stop))]
    public void Call_that_nobody_waits_for_is_stopped_where_much_of_it_is_left(double estimate, double elapsed, string verdict) =>
        Assert.Equal(verdict, new CallLimit(estimate, 100).Decide(elapsed, null, isWanted: false).ToString());

    [Fact]
    public void Stopped_call_that_nobody_waits_for_is_given_the_time_of_any_other_before_its_device_is_given_up() =>
        Assert.Equal(CallVerdict.GoOn, new CallLimit(0.5, 20).Decide(elapsed: 25, sinceStop: 24, isWanted: false));

    private sealed class FixedCost(double seconds) : ICallCosts
    {
        public double SecondsOf(in CostKey key, int evaluations, CallWidth width) => seconds;

        public bool IsMeasured(in CostKey key, int evaluations, CallWidth width) => true;

        public int MaxEvaluations(in CostKey key) => int.MaxValue;
    }
}
