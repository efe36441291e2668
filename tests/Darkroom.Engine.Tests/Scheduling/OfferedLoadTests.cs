using Darkroom.Engine.Scheduling;

namespace Darkroom.Engine.Tests.Scheduling;

public sealed class OfferedLoadTests
{
    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public void Is_the_work_that_comes_over_the_time_in_which_it_comes(double load)
    {
        var offered = new OfferedLoad();
        for (int i = 0; i <= 100; i++) offered.Add(i, load);
        Assert.Equal(load, offered.At(100), 6);
    }

    [Fact]
    public void Is_nothing_before_some_jobs_came() 
    {
        var offered = new OfferedLoad();
        for (int i = 0; i < 7; i++) offered.Add(0, 10);
        Assert.Equal(0, offered.At(0));
    }

    [Fact]
    public void Stays_below_one_under_any_overload()
    {
        var offered = new OfferedLoad();
        for (int i = 0; i < 50; i++) offered.Add(0, 10);
        Assert.Equal(0.9, offered.At(0));
    }

    [Fact]
    public void Falls_while_nothing_comes()
    {
        var offered = new OfferedLoad();
        for (int i = 0; i <= 40; i++) offered.Add(i, 0.8);
        Assert.InRange(offered.At(140), 0.1, 0.3);
        Assert.InRange(offered.At(10_000), 0, 0.01);
    }

    [Fact]
    public void Forgets_what_came_long_ago()
    {
        var offered = new OfferedLoad();
        for (int i = 0; i < 100; i++) offered.Add(i, 5);
        for (int i = 100; i < 140; i++) offered.Add(i, 0.3);
        Assert.Equal(0.3, offered.At(139), 6);
    }
}
