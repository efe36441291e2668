using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Stages;
using FsCheck.Xunit;

namespace Darkroom.Engine.Tests.Scheduling;

/// <summary>What holds of every plan, for views put together at random, and the order in which rows go.</summary>
public sealed class StepSchedulerTests
{
    private static readonly SchedulingPolicy Policy = new();

    [Property(MaxTest = 500)]
    public void Every_plan_keeps_the_rules(int seed)
    {
        var random = new Random(seed);
        var view = Views.Any(random);
        var costs = new FormulaCosts(random.NextDouble() * 0.1, 0.001 + random.NextDouble() * 0.1,
            1 + random.NextDouble() * 2) { Max = 2 + random.Next(20), Measured = (n, _) => n % 3 > 0 };
        var policy = Policy with { MaxBatch = 1 + random.Next(8), Target = (SchedulingTarget)random.Next(3) };
        var calls = new StepScheduler(costs, policy).Plan(view);

        var planned = calls.SelectMany(static call => call.Evaluations).ToArray();
        Assert.Equal(planned.Length, planned.Distinct().Count());
        Assert.All(planned, evaluation => Assert.Contains(evaluation, view.Evaluations));
        foreach (var call in calls)
        {
            Assert.True(call.Rows <= policy.MaxBatch);
            Assert.Equal(call.Rows, call.Evaluations.Select(static evaluation => evaluation.Row).Distinct().Count());
            Assert.All(call.Evaluations, evaluation => Assert.Equal(call.Key, evaluation.Key));
            Assert.True(call.Rows == 1 || call.Evaluations.Count <= costs.Max);
            if (call.Key.Kind.IsDivisible)
            {
                double seconds = costs.SecondsOf(call.Key.Cost, call.Evaluations.Count, call.Width);
                Assert.True(call.Evaluations.Count == 1 || (call.Evaluations.Count <= costs.Max && seconds <= policy.HoldUp));
                continue;
            }
            // The lanes of a row that agree go into one call.
            foreach (int row in call.Evaluations.Select(static evaluation => evaluation.Row))
                Assert.Equal(view.Evaluations.Count(one => one.Row == row && one.Key == call.Key), call.Evaluations.Count(one => one.Row == row));
        }
        int wide = calls.Count(static call => call.Width == CallWidth.Wide);
        Assert.True(wide == 0 || (wide == 1 && calls.Count == 1 && view.FreeThreads == view.Threads), "A wide call has the device to itself.");
        Assert.True(calls.Count <= view.FreeThreads);
        Assert.True(calls.Count > 0 || view.Rows.Count == 0 || view.FreeThreads < view.Threads, "An idle device with rows that are ready works.");
    }

    /// <summary>Narrow calls are longer than a wide one: for a late row they count by what it takes when it is alone, on all threads.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Those_who_join_a_late_row_keep_it_for_a_few_times_what_it_takes_alone(bool isLate)
    {
        var costs = new FormulaCosts(0.008, 0.002, narrow: 1.5);
        var view = new DeviceView { Threads = 2, FreeThreads = 2, Load = 0.9, Backlog = 50 };
        for (int row = 1; row <= 20; row++) view.Add(row, Views.Denoiser(), 2, Views.Fresh(row) with { Debt = isLate && row == 1 ? 1 : 0 });
        var call = new StepScheduler(costs, Policy).Plan(view)[0];
        Assert.Equal(CallWidth.Narrow, call.Width);
        Assert.Contains(call.Evaluations, static one => one.Row == 1);
        double most = costs.SecondsOf(call.Key.Cost, 2, CallWidth.Wide) / Policy.LateShare;
        Assert.Equal(isLate, costs.SecondsOf(call.Key.Cost, call.Evaluations.Count, CallWidth.Narrow) <= most);
        Assert.True(call.Rows > 1);
    }

    [Property(MaxTest = 200)]
    public void Same_view_same_plan_whatever_was_planned_before(int seed)
    {
        var used = new StepScheduler(new FormulaCosts(0.01, 0.01), Policy);
        foreach (var call in used.Plan(Views.Any(new Random(seed + 1)))) used.Return(call);
        var one = used.Plan(Views.Any(new Random(seed)));
        var other = new StepScheduler(new FormulaCosts(0.01, 0.01), Policy).Plan(Views.Any(new Random(seed)));
        Assert.Equal(other.Select(static call => (call.Key, call.Width)), one.Select(static call => (call.Key, call.Width)));
        Assert.Equal(other.SelectMany(static call => call.Evaluations), one.SelectMany(static call => call.Evaluations));
    }

    [Property(MaxTest = 200)]
    public void Order_of_the_rows_shown_does_not_matter(int seed)
    {
        var view = Views.Any(new Random(seed));
        var turned = Views.Any(new Random(seed));
        turned.Rows.Reverse();
        var one = new StepScheduler(new FormulaCosts(0.01, 0.01), Policy).Plan(view);
        var other = new StepScheduler(new FormulaCosts(0.01, 0.01), Policy).Plan(turned);
        Assert.Equal(one.SelectMany(static call => call.Evaluations), other.SelectMany(static call => call.Evaluations));
    }

    [Fact]
    public void Shortest_job_decides_the_network_and_its_like_join()
    {
        var view = new DeviceView();
        view.Add(1, Views.Denoiser(1024), 2, Views.Fresh(9));
        view.Add(2, Views.Denoiser(), 2, Views.Fresh(2));
        view.Add(3, Views.Denoiser(), 2, Views.Fresh(1));
        var call = Assert.Single(new StepScheduler(new FormulaCosts(0.1, 0.001), Policy).Plan(view));
        Assert.Equal([3, 3, 2, 2], call.Evaluations.Select(static evaluation => evaluation.Row));
    }

    [Fact]
    public void Where_a_batch_gains_nothing_rows_go_one_after_the_other()
    {
        var view = new DeviceView();
        for (int row = 1; row <= 6; row++) view.Add(row, Views.Denoiser(), 2, Views.Fresh(1, age: row));
        var call = Assert.Single(new StepScheduler(new FormulaCosts(0, 0.1), Policy).Plan(view));
        Assert.Equal([6, 6], call.Evaluations.Select(static evaluation => evaluation.Row));
    }

    [Fact]
    public void Row_that_can_join_running_ones_gets_there_first()
    {
        var view = new DeviceView();
        view.Add(1, Views.Denoiser(), 2, Views.Fresh(1, age: 9));
        view.Add(2, Views.Text, 2, Views.Fresh(5), joins: Views.Denoiser());
        var call = Assert.Single(new StepScheduler(new FormulaCosts(0.01, 0.0001), Policy).Plan(view));
        Assert.Equal(EncodeText.Networks[0], call.Key.Kind);
    }

    [Fact]
    public void Row_that_has_no_room_to_join_waits_its_turn()
    {
        var view = new DeviceView();
        view.Add(1, Views.Denoiser(), 2, Views.Fresh(1, age: 9));
        view.Add(2, Views.Text, 2, Views.Fresh(5), joins: Views.Denoiser(1024));
        var call = Assert.Single(new StepScheduler(new FormulaCosts(0.01, 0.0001), Policy).Plan(view));
        Assert.Equal(Denoise.Network, call.Key.Kind);
    }

    [Fact]
    public void Other_stages_hold_denoising_rows_up_no_longer_than_allowed()
    {
        var scheduler = new StepScheduler(new FormulaCosts(0, 0.1), Policy with { HoldUp = 0.25 });
        DeviceView Shown(double heldUp)
        {
            var view = new DeviceView { HeldUp = heldUp };
            view.Add(1, Views.Denoiser(), 2, Views.Fresh(5));
            for (int row = 2; row < 10; row++) view.Add(row, Views.Denoiser() with { Kind = Decode.Network }, 1, Views.Fresh(0.1));
            return view;
        }
        Assert.Equal(Decode.Network, Assert.Single(scheduler.Plan(Shown(0))).Key.Kind);
        Assert.Equal(Decode.Network, Assert.Single(scheduler.Plan(Shown(0.1))).Key.Kind);
        Assert.Equal(Denoise.Network, Assert.Single(scheduler.Plan(Shown(0.2))).Key.Kind);
    }

    [Fact]
    public void Batch_of_another_stage_is_cut_to_the_time_it_may_take()
    {
        var view = new DeviceView();
        view.Add(1, Views.Denoiser(), 2, Views.Fresh(50));
        for (int row = 2; row < 10; row++) view.Add(row, Views.Denoiser() with { Kind = Decode.Network }, 1, Views.Fresh(0.1));
        var costs = new FormulaCosts(0, 0.1);
        var call = Assert.Single(new StepScheduler(costs, Policy with { HoldUp = 0.25, Target = SchedulingTarget.Throughput }).Plan(view));
        Assert.Equal((Decode.Network, 2), (call.Key.Kind, call.Rows));
    }

    [Theory]
    [InlineData(0.0099, 25)] // as many as fit in 0.25 s
    [InlineData(0.1, 2)]
    [InlineData(3, 1)] // one is always allowed
    public void Call_of_evaluations_that_may_be_apart_is_cut_to_what_others_can_wait_for(double seconds, int evaluations)
    {
        var view = new DeviceView();
        view.Add(1, Views.Text, 32, Views.Fresh(1));
        var scheduler = new StepScheduler(new FormulaCosts(0, 8 * seconds), Policy with { HoldUp = 0.25, Target = SchedulingTarget.Throughput });
        Assert.Equal(evaluations, Assert.Single(scheduler.Plan(view)).Evaluations.Count);
        view.Add(2, Views.Denoiser(), 2, Views.Fresh(50));
        view.HeldUp = 0.2;
        Assert.Equal(seconds < 0.05 ? 5 : 0, Assert.Single(scheduler.Plan(view)).Evaluations.Count(one => !one.Key.Kind.IsMain));
    }

    [Fact]
    public void Wide_call_waits_until_narrow_ones_are_done()
    {
        var view = new DeviceView { Threads = 2, FreeThreads = 1, BusyRows = 1 };
        view.Add(1, Views.Denoiser(), 2, Views.Fresh(1));
        Assert.Empty(new StepScheduler(new FormulaCosts(0, 0.1, narrow: 2), Policy).Plan(view));
        // Where narrow calls gain, it runs beside the other at once.
        Assert.Equal(CallWidth.Narrow, Assert.Single(new StepScheduler(new FormulaCosts(0, 0.1, narrow: 1.4), Policy).Plan(view)).Width);
    }

    [Fact]
    public void Two_rows_run_side_by_side_where_narrow_calls_gain()
    {
        var view = new DeviceView { Threads = 2, FreeThreads = 2 };
        view.Add(1, Views.Denoiser(), 2, Views.Fresh(1));
        view.Add(2, Views.Denoiser(1024), 2, Views.Fresh(4));
        var calls = new StepScheduler(new FormulaCosts(0, 0.1, narrow: 1.4), Policy).Plan(view);
        Assert.Equal([(CallWidth.Narrow, 1), (CallWidth.Narrow, 1)], calls.Select(static call => (call.Width, call.Rows)));
    }
}
