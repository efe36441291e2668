using Darkroom.Engine.Energy;
using Darkroom.Engine.Tests.Execution;

namespace Darkroom.Engine.Tests.Energy;

/// <summary>What calls that run at the same time take is divided among them, and what is taken while none runs is nobody's.</summary>
public sealed class CallMeterTests
{
    private readonly HandTimestamps time;
    private readonly HandClock clock = new();
    private readonly ScriptedMeter energy = new();
    private TimeSpan processor = TimeSpan.FromSeconds(100);

    public CallMeterTests() => time = new HandTimestamps(clock);

    [Fact]
    public void A_call_alone_takes_all_that_passes_while_it_runs()
    {
        var meter = CallMeter.Of([energy], time, () => processor)[0];
        Pass(5, 5, 5);
        var begun = meter.Begin();
        Pass(2, 3, 40);
        Is(meter.End(begun), 2, 3, 40);
        Pass(5, 5, 5);
        begun = meter.Begin();
        Pass(1, 1, 1);
        Is(meter.End(begun), 1, 1, 1);
    }

    [Fact]
    public void Calls_side_by_side_share_and_together_have_what_passed()
    {
        var meter = CallMeter.Of([energy], time, () => processor)[0];
        var first = meter.Begin();
        Pass(1, 2, 10);
        var second = meter.Begin();
        Pass(2, 4, 20);
        Is(meter.End(first), 2, 4, 20);
        Pass(3, 1, 30);
        Is(meter.End(second), 4, 3, 40);
    }

    [Fact]
    public void Devices_have_time_of_their_own_and_share_the_processor_and_a_meter_that_is_the_same()
    {
        var meters = CallMeter.Of([energy, energy, null], time, () => processor);
        var begun = meters.Select(meter => meter.Begin()).ToArray();
        Pass(6, 3, 10);
        Is(meters[0].End(begun[0]), 6, 1, 5);
        Is(meters[1].End(begun[1]), 6, 1, 5);
        Is(meters[2].End(begun[2]), 6, 1, null);
    }

    [Fact]
    public void Energy_that_cannot_be_read_for_a_while_comes_with_the_next_reading()
    {
        var meter = CallMeter.Of([energy], time, () => processor)[0];
        var begun = meter.Begin();
        Pass(1, 1, 10);
        energy.IsAway = true;
        var other = meter.Begin();
        Pass(1, 1, 10);
        energy.IsAway = false;
        Is(meter.End(other), 0.5, 0.5, 10);
        Is(meter.End(begun), 1.5, 1.5, 10);
    }

    private void Pass(double seconds, double processorSeconds, double joules)
    {
        clock.Move(TimeSpan.FromSeconds(seconds));
        processor += TimeSpan.FromSeconds(processorSeconds);
        energy.Total += joules;
    }

    private static void Is(CallSpending spent, double device, double processor, double? joules)
    {
        Assert.Equal(device, spent.DeviceSeconds, 6);
        Assert.Equal(processor, spent.ProcessorSeconds, 6);
        Assert.Equal(joules is null, spent.Joules is null);
        Assert.Equal(joules ?? 0, spent.Joules ?? 0, 6);
    }
}
