using Darkroom.Benchmarks.Simulation;
using Darkroom.Engine.Scheduling;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Scheduling;

public sealed class BatchChoiceTests
{
    private static readonly int[] Guided = [.. Enumerable.Range(1, 8).Select(static rows => 2 * rows)];

    private static BatchChoice Best(ICallCosts costs, int waiting, double load = 0, SchedulingTarget target = SchedulingTarget.Balanced, int threads = 1,
        bool tries = false, CallShape? call = null) =>
        BatchChoice.Best(costs, new SchedulingPolicy { Target = target }, call ?? Views.Denoiser(), Guided.AsSpan(0, Math.Min(8, waiting)), waiting, load,
            threads, tries);

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(100)]
    public void Calls_that_cost_what_their_rows_cost_take_one_row(int waiting) => Assert.Equal(1, Best(new FormulaCosts(0, 0.1), waiting).Rows);

    [Fact]
    public void Calls_that_cost_the_same_whatever_is_in_them_take_all() => Assert.Equal(8, Best(new FormulaCosts(0.1, 0), 8).Rows);

    [Fact]
    public void Throughput_takes_as_many_as_are_allowed()
    {
        Assert.Equal(8, Best(new FormulaCosts(0, 0.1), 8, target: SchedulingTarget.Throughput).Rows);
        Assert.Equal(3, Best(new FormulaCosts(0, 0.1) { Most = 7 }, 8, target: SchedulingTarget.Throughput).Rows);
    }

    [Fact]
    public void Never_more_than_fit_in_memory() => Assert.Equal(3, Best(new FormulaCosts(0.1, 0) { Most = 7 }, 8).Rows);

    [Fact]
    public void Latency_takes_smaller_batches_than_the_mean_would()
    {
        var costs = new FormulaCosts(0.01, 0.002);
        Assert.True(Best(costs, 8, target: SchedulingTarget.Latency).Rows < Best(costs, 8).Rows);
    }

    [Fact]
    public void Load_and_backlog_make_batches_larger()
    {
        // A row costs 20.9, 18.6, 17.5, 16.2 in batches of 1, 2, 4, 8: worth it where many wait.
        var a100 = Table("a100");
        Assert.Equal(1, Best(a100, 2).Rows);
        Assert.Equal(8, Best(a100, 100).Rows);
        Assert.Equal(8, Best(a100, 12, load: 0.9).Rows);
    }

    /// <summary>Published figures of an H100: four rows give 2.8 times the throughput of one at 512 pixels, two give 1.02 times at 1024.</summary>
    [Theory]
    [InlineData(2, 2, 1)]
    [InlineData(4, 4, 1)]
    [InlineData(8, 4, 1)]
    [InlineData(16, 4, 1)]
    public void Published_figures_make_batches_of_four_small_and_one_large(int waiting, int small, int large)
    {
        Assert.Equal(small, Best(Table("h100"), waiting).Rows);
        Assert.Equal(large, Best(Table("h100"), waiting, call: Views.Denoiser(1024)).Rows);
    }

    [Fact]
    public void Narrow_calls_must_promise_more_than_the_error_of_a_measurement()
    {
        Assert.Equal(CallWidth.Wide, Best(new FormulaCosts(0, 0.1, narrow: 1.97), 100, threads: 2).Width);
        Assert.Equal(new BatchChoice(CallWidth.Narrow, 1, 2), Best(new FormulaCosts(0, 0.1, narrow: 1.41), 2, threads: 2));
        Assert.Equal(CallWidth.Wide, Best(new FormulaCosts(0, 0.1, narrow: 1.41), 1, threads: 2).Width);
    }

    [Fact]
    public void What_was_never_measured_is_tried_where_the_try_is_short()
    {
        var costs = new FormulaCosts(0, 0.01) { Measured = static (evaluations, width) => evaluations < 4 && width == CallWidth.Wide };
        Assert.Equal(1, Best(costs, 8).Rows);
        Assert.Equal(2, Best(costs, 8, tries: true).Rows);
        Assert.Equal(1, Best(new FormulaCosts(0, 1) { Measured = static (_, _) => false }, 8, tries: true).Rows);
    }

    [Fact]
    public void Least_seconds_of_a_row_are_those_in_the_best_batch()
    {
        Assert.Equal(0.1 / 8 + 0.02, BatchChoice.LeastSeconds(new FormulaCosts(0.1, 0.01), new SchedulingPolicy(), Views.Denoiser(), 2, threads: 1), 6);
        Assert.Equal(0.2 * 1.4 / 2, BatchChoice.LeastSeconds(new FormulaCosts(0, 0.1, narrow: 1.4), new SchedulingPolicy(), Views.Denoiser(), 2, threads: 2),
            6);
    }

    private static TableCosts Table(string name) => new(new TrueCosts(Path.Combine(Repository.Root, "tests", "Darkroom.Benchmarks", "Data", name + ".json")));

    private sealed class TableCosts(TrueCosts truth) : ICallCosts
    {
        public double SecondsOf(in CallShape call, int evaluations, CallWidth width) => truth.SecondsOf(call, evaluations, width);

        public bool IsMeasured(in CallShape call, int evaluations, CallWidth width) => true;

        public int MostOf(in CallShape call) => int.MaxValue;
    }
}
