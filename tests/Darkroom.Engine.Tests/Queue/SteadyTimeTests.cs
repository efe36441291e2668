using Darkroom.Engine.Queue;

namespace Darkroom.Engine.Tests.Queue;

public sealed class SteadyTimeTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TwoClocks clocks = new(Start);

    [Fact]
    public void It_is_the_wall_clock_while_nobody_sets_that()
    {
        var time = new SteadyTime(clocks);
        for (int i = 1; i <= 100; i++)
        {
            clocks.Pass(TimeSpan.FromSeconds(0.37));
            Assert.Equal(clocks.GetUtcNow(), time.GetUtcNow());
        }
    }

    [Theory]
    [InlineData(3 * 24 * 60)]
    [InlineData(-24 * 60)]
    [InlineData(60)]
    public void A_jump_moves_it_by_no_more_than_a_hundredth_of_the_time_that_passes(int minutes)
    {
        var time = new SteadyTime(clocks);
        clocks.Set(TimeSpan.FromMinutes(minutes));
        var passed = TimeSpan.Zero;
        for (int i = 0; i < 500; i++)
        {
            var step = TimeSpan.FromMilliseconds(i % 7 * 300);
            passed += step;
            clocks.Pass(step);
            Assert.InRange(time.GetUtcNow() - Start, passed * 0.99 - TimeSpan.FromMicroseconds(1), passed * 1.01);
        }
        Assert.InRange((time.GetUtcNow() - Start - passed) / passed * Math.Sign(minutes), 0.009, 0.01); // and does follow it
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public void A_small_difference_is_closed_in_a_hundred_times_its_length_and_not_overshot(int seconds)
    {
        var time = new SteadyTime(clocks);
        clocks.Set(TimeSpan.FromSeconds(seconds));
        for (int i = 0; i < 1002; i++)
        {
            clocks.Pass(TimeSpan.FromSeconds(1));
            var ahead = (time.GetUtcNow() - clocks.GetUtcNow()) * -Math.Sign(seconds);
            Assert.InRange(ahead, TimeSpan.FromMicroseconds(-1), TimeSpan.FromSeconds(10));
        }
        Assert.InRange((clocks.GetUtcNow() - time.GetUtcNow()).Duration(), TimeSpan.Zero, TimeSpan.FromMicroseconds(1));
    }

    [Fact]
    public void It_never_goes_back_however_often_it_is_asked_and_whatever_the_wall_clock_does()
    {
        var time = new SteadyTime(clocks);
        var random = new Random(1);
        var last = time.GetUtcNow();
        for (int i = 0; i < 20_000; i++)
        {
            if (i % 50 == 0) clocks.Set(TimeSpan.FromHours(random.NextDouble() * 200 - 100));
            clocks.Pass(TimeSpan.FromTicks(random.Next(0, i % 9 == 0 ? 20_000_000 : 40)));
            var now = time.GetUtcNow();
            Assert.True(now >= last);
            last = now;
        }
    }

    [Fact]
    public void Moments_are_whole_microseconds()
    {
        clocks.Pass(TimeSpan.FromTicks(1234567));
        Assert.Equal(Start.AddTicks(1234560), new SteadyTime(clocks).GetUtcNow());
    }

    [Fact]
    public void A_clock_that_many_share_is_taken_at_once_and_then_followed_slowly_and_the_wall_clock_no_longer()
    {
        var time = new SteadyTime(clocks);
        clocks.Set(TimeSpan.FromDays(400)); // this machine's is wrong
        var shared = Start.AddHours(-5);
        time.Follow(shared);
        Assert.Equal(shared, time.GetUtcNow());
        for (int i = 1; i <= 100; i++)
        {
            clocks.Pass(TimeSpan.FromSeconds(1));
            if (i % 5 == 0) time.Follow(shared.AddSeconds(i));
            Assert.Equal(shared.AddSeconds(i), time.GetUtcNow());
        }
        time.Follow(shared.AddSeconds(100).AddDays(1)); // that of another server, which took over
        clocks.Pass(TimeSpan.FromSeconds(100));
        Assert.Equal(shared.AddSeconds(201), time.GetUtcNow());
    }

    [Fact]
    public void Timers_and_measured_time_are_the_inner_ones_and_the_wall_clock_is_there_for_dates()
    {
        var time = new SteadyTime(clocks);
        clocks.Set(TimeSpan.FromDays(1));
        clocks.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(clocks.GetTimestamp(), time.GetTimestamp());
        Assert.Equal(clocks.GetUtcNow(), SteadyTime.WallOf(time).GetUtcNow());
        Assert.Same(clocks, SteadyTime.WallOf(clocks));
        using var timer = time.CreateTimer(static _ => { }, null, TimeSpan.FromDays(1), TimeSpan.FromDays(1));
        Assert.Equal(1, clocks.Timers);
    }

    /// <summary>A wall clock and a monotonic one, moved by hand.</summary>
    private sealed class TwoClocks(DateTimeOffset wall) : TimeProvider
    {
        private long ticks;
        private TimeSpan set;

        public int Timers { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time) => ticks += time.Ticks;

        /// <summary>Sets the wall clock so far ahead of the time that really passed.</summary>
        public void Set(TimeSpan ahead) => set = ahead;

        public override DateTimeOffset GetUtcNow() => wall + set + TimeSpan.FromTicks(ticks);

        public override long GetTimestamp() => ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Timers++;
            return System.CreateTimer(callback, state, dueTime, period);
        }
    }
}
