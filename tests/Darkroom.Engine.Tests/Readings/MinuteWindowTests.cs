using Darkroom.Engine.Readings;
using Darkroom.Engine.Tests.Execution;

namespace Darkroom.Engine.Tests.Readings;

public sealed class MinuteWindowTests
{
    private readonly HandClock clock = new();

    [Fact]
    public void Sum_is_of_the_last_minute()
    {
        var window = new MinuteWindow(new HandTimestamps(clock));
        window.Add(3);
        clock.Move(TimeSpan.FromSeconds(30));
        window.Add(4);
        Assert.Equal((7, 30), (window.Sum, window.Seconds));
        clock.Move(TimeSpan.FromSeconds(31));
        Assert.Equal((4, 60, 4 / 60.0), (window.Sum, window.Seconds, window.PerSecond));
        clock.Move(TimeSpan.FromHours(1));
        Assert.Equal(0, window.Sum);
    }

    [Fact]
    public void Interval_counts_in_the_seconds_where_it_was()
    {
        var window = new MinuteWindow(new HandTimestamps(clock));
        clock.Move(TimeSpan.FromSeconds(100.5));
        window.AddTime(TimeSpan.FromSeconds(2.25)); // 98.25…100.5
        Assert.Equal(2.25, window.Sum, 6);
        clock.Move(TimeSpan.FromSeconds(58)); // 158.5: the seconds from 99 on
        Assert.Equal(1.5, window.Sum, 6);
    }

    [Fact]
    public void Interval_longer_than_the_window_fills_it()
    {
        var window = new MinuteWindow(new HandTimestamps(clock));
        clock.Move(TimeSpan.FromSeconds(200));
        window.AddTime(TimeSpan.FromSeconds(150));
        Assert.InRange(window.Sum, 59, 60);
    }
}
