using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Stages;
using Darkroom.Engine.Scheduling.Costs;

namespace Darkroom.Engine.Tests.Scheduling.Costs;

public sealed class CostTableTests
{
    private static readonly CostKey Call = Views.Denoiser();
    private readonly CostTable table = new(DeviceTraits.Cpu(2), static _ => new NetworkSize(1e8));

    private void Learn(int evaluations, double seconds, CallWidth width = CallWidth.Wide, int times = 2)
    {
        for (int i = 0; i < times; i++) table.Learn(Call, evaluations, width, seconds);
    }

    [Fact]
    public void First_call_of_a_kind_is_not_counted()
    {
        table.Learn(Call, 2, CallWidth.Wide, 50);
        Assert.False(table.IsMeasured(Call, 2, CallWidth.Wide));
        table.Learn(Call, 2, CallWidth.Wide, 1);
        Assert.Equal(1, table.SecondsOf(Call, 2, CallWidth.Wide));
    }

    [Fact]
    public void Follows_a_machine_that_gets_slower_and_shrugs_at_one_slow_call()
    {
        Learn(2, 1, times: 20);
        Learn(2, 100, times: 1);
        Assert.InRange(table.SecondsOf(Call, 2, CallWidth.Wide), 1, 1.7);
        Learn(2, 2, times: 20);
        Assert.InRange(table.SecondsOf(Call, 2, CallWidth.Wide), 1.9, 2.1);
    }

    /// <summary>
    /// A long job is late by what it takes alone. Beside short ones, their files and their clients its calls take four times as long:
    /// taken for its length, they made it wait four times as long as it should.
    /// </summary>
    [Fact]
    public void A_busy_machine_does_not_change_what_a_call_takes_alone()
    {
        Learn(2, 0.004, times: 50);
        Learn(2, 0.015, times: 50);
        Assert.InRange(table.SecondsOf(Call, 2, CallWidth.Wide), 0.0149, 0.0151);
        Assert.InRange(table.SecondsAlone(Call, 2), 0.004, 0.0055);
        Learn(2, 0.015, times: 3000); // it is a slower one
        Assert.InRange(table.SecondsAlone(Call, 2), 0.0149, 0.0151);
        Learn(2, 0.004, times: 20); // and what is faster is believed at once
        Assert.InRange(table.SecondsAlone(Call, 2), 0.004, 0.0042);
    }

    [Fact]
    public void What_was_not_measured_wide_takes_alone_what_is_guessed_for_it()
    {
        Assert.Equal(table.SecondsOf(Call, 2, CallWidth.Wide), table.SecondsAlone(Call, 2));
        Learn(2, 0.1, CallWidth.Narrow);
        Assert.Equal(table.SecondsOf(Call, 2, CallWidth.Wide), table.SecondsAlone(Call, 2));
    }

    [Fact]
    public void Network_without_weights_leaves_the_other_costs_numbers()
    {
        var bare = new CostTable(DeviceTraits.Cpu(2), static _ => new NetworkSize(0));
        for (int i = 0; i < 3; i++) bare.Learn(Call, 2, CallWidth.Wide, 0.5);
        Assert.InRange(bare.SecondsOf(Call with { Model = "another" }, 2, CallWidth.Wide), 0, 1e9); // NaN is in no range
    }

    [Fact]
    public void Between_measurements_lies_a_straight_line()
    {
        Learn(2, 1);
        Learn(8, 4);
        Assert.Equal(2.5, table.SecondsOf(Call, 5, CallWidth.Wide), 9);
    }

    [Fact]
    public void Beyond_measurements_the_part_that_is_not_fixed_grows()
    {
        Learn(2, 1);
        Assert.Equal(0.03 + 0.97 * 4, table.SecondsOf(Call, 8, CallWidth.Wide), 9);
        Assert.Equal(0.03 + 0.97 / 2, table.SecondsOf(Call, 1, CallWidth.Wide), 9);
    }

    [Fact]
    public void Narrow_calls_are_guessed_from_wide_ones_until_measured()
    {
        Learn(2, 1);
        Assert.Equal(2 / 1.2, table.SecondsOf(Call, 2, CallWidth.Narrow), 9);
        Assert.False(table.IsMeasured(Call, 2, CallWidth.Narrow));
        Learn(2, 1.41, CallWidth.Narrow);
        Assert.Equal(1.41, table.SecondsOf(Call, 2, CallWidth.Narrow), 9);
        Assert.Equal(1, table.SecondsOf(Call, 2, CallWidth.Wide), 9);
    }

    /// <summary>
    /// A wide call that was only guessed from narrow ones must look good enough to be run: else narrow ones that gain nothing would stay for ever.
    /// </summary>
    [Fact]
    public void Wide_calls_are_guessed_from_narrow_ones_as_if_those_gained_nothing()
    {
        Learn(2, 3, CallWidth.Narrow);
        Assert.Equal(1.5, table.SecondsOf(Call, 2, CallWidth.Wide), 9);
    }

    [Fact]
    public void Other_networks_are_guessed_from_their_size_and_how_fast_the_machine_turned_out()
    {
        var large = Views.Denoiser(1024);
        double before = table.SecondsOf(large, 2, CallWidth.Wide);
        Assert.Equal(4, before / table.SecondsOf(Call, 2, CallWidth.Wide), 6);
        Learn(2, 3 * table.SecondsOf(Call, 2, CallWidth.Wide));
        Assert.Equal(3 * before, table.SecondsOf(large, 2, CallWidth.Wide), 6);
    }

    [Fact]
    public void What_was_kept_is_known_after_a_start()
    {
        Learn(2, 1);
        Learn(2, 1.5, CallWidth.Narrow);
        var restarted = new CostTable(DeviceTraits.Cpu(2), static _ => new NetworkSize(1e8));
        foreach (var cost in table.Measured) restarted.Restore(cost);
        Assert.Equal(table.Measured, restarted.Measured);
        Assert.Equal(table.SecondsOf(Call, 4, CallWidth.Wide), restarted.SecondsOf(Call, 4, CallWidth.Wide));
        Assert.Equal(table.SecondsOf(Views.Denoiser(768), 2, CallWidth.Wide), restarted.SecondsOf(Views.Denoiser(768), 2, CallWidth.Wide), 9);
    }

    [Fact]
    public void Remembers_what_does_not_fit_for_that_call_alone()
    {
        Assert.Equal(int.MaxValue, table.MaxEvaluations(Call));
        table.Limit(Call, 6);
        Assert.Equal(6, table.MaxEvaluations(Call));
        table.Limit(Call, 0);
        Assert.Equal(1, table.MaxEvaluations(Call));
        Assert.Equal(int.MaxValue, table.MaxEvaluations(Views.Denoiser(1024)));
    }

    [Fact]
    public void Limit_rises_after_calls_that_filled_it_and_waits_longer_each_time_that_it_was_right()
    {
        int Waited(int limit)
        {
            int calls = 0;
            for (; table.MaxEvaluations(Call) == limit; calls++) Learn(limit, 1, times: 1);
            return calls;
        }
        table.Limit(Call, 4);
        Learn(2, 1, times: 1000); // half of it shows nothing
        Assert.Equal(4, table.MaxEvaluations(Call));
        int first = Waited(4);
        Assert.Equal(8, table.MaxEvaluations(Call));
        table.Limit(Call, 4);
        Assert.Equal(2 * first, Waited(4));
        Waited(8);
        Assert.Equal(16, table.MaxEvaluations(Call));
    }

    [Fact]
    public void Estimate_of_what_fits_follows_the_memory_up_and_down_and_the_lower_of_both_counts()
    {
        table.Estimate(Call, 3);
        Assert.Equal(3, table.MaxEvaluations(Call));
        table.Estimate(Call, 12);
        table.Limit(Call, 6);
        Assert.Equal(6, table.MaxEvaluations(Call));
        table.Estimate(Call, 5);
        Assert.Equal(5, table.MaxEvaluations(Call));
    }

    [Fact]
    public void Version_moves_with_all_that_changes_an_answer()
    {
        long start = table.Version;
        table.Learn(Call, 2, CallWidth.Wide, 1);
        Assert.Equal(start, table.Version);
        table.Learn(Call, 2, CallWidth.Wide, 1);
        table.Limit(Call, 4);
        Assert.Equal(start + 2, table.Version);
    }
}
