using Darkroom.Engine.Devices;
using Darkroom.Engine.Readings;
using Darkroom.Engine.Tests.Execution;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Readings;

public sealed class DeviceActivityTests
{
    private readonly HandClock clock = new();
    private readonly DeviceActivity device;

    public DeviceActivityTests() => device = new(0, new HandTimestamps(clock));

    [Fact]
    public void Calls_are_shown_while_they_run_and_time_that_any_runs_counts_once()
    {
        Assert.Equal((DeviceState.Idle, 0), (device.State, device.BusyShare));
        clock.Move(TimeSpan.FromSeconds(60));
        int first = device.Begin("denoise", "starter", 3, isStep: true);
        clock.Move(TimeSpan.FromSeconds(6));
        int second = device.Begin("vae_decode", "starter", 1, isStep: false);
        Assert.NotEqual(first, second);
        Assert.Equal(DeviceState.Working, device.State);
        Assert.Equal(
            [new CallReading("denoise", "starter", 3, TimeSpan.FromSeconds(6)), new CallReading("vae_decode", "starter", 1, TimeSpan.Zero)], device.Calls);
        Assert.Equal(0.1, device.BusyShare, 3); // one that runs counts too
        clock.Move(TimeSpan.FromSeconds(6));
        device.End(first);
        device.End(second);
        Assert.Equal((DeviceState.Idle, 12 / 60.0), (device.State, Math.Round(device.BusyShare, 6)));
        Assert.Empty(device.Calls);
        Assert.Equal((1, 3), device.Steps);
        Assert.Equal(first, device.Begin("denoise", "starter", 1, isStep: true)); // slots are used again
    }

    [Fact]
    public void Lost_device_stays_lost()
    {
        device.Begin("denoise", "starter", 1, isStep: true);
        device.Lose();
        Assert.Equal(DeviceState.GivenUp, device.State);
        Assert.Empty(device.Calls);
    }

    [Fact]
    public void Call_allocates_nothing()
    {
        long allocated = Allocation.Of(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                clock.Move(TimeSpan.FromMilliseconds(10));
                device.End(device.Begin("denoise", "starter", 2, isStep: true));
            }
        });
        Assert.InRange(allocated, 0, 1000);
    }
}
