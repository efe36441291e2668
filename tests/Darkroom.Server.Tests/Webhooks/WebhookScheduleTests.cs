using Darkroom.Server.Webhooks;

namespace Darkroom.Server.Tests.Webhooks;

public sealed class WebhookScheduleTests
{
    private readonly WebhookSchedule schedule = new(new WebhookPace());

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 5 * 60)]
    [InlineData(3, 30 * 60)]
    [InlineData(4, 2 * 3600)]
    [InlineData(5, 5 * 3600)]
    [InlineData(6, 10 * 3600)]
    [InlineData(7, 14 * 3600)]
    [InlineData(8, 20 * 3600)]
    [InlineData(9, 24 * 3600)]
    public void Tries_follow_the_published_schedule_and_no_two_are_at_the_same_moment(int failed, double seconds)
    {
        double[] waits = [.. Enumerable.Range(0, 200).Select(_ => schedule.After(failed, null)!.Value.TotalSeconds)];
        Assert.All(waits, wait => Assert.InRange(wait, seconds, seconds * 1.1));
        Assert.True(waits.Distinct().Count() > 50);
    }

    [Fact]
    public void After_the_last_it_is_given_up_whatever_the_receiver_wishes()
    {
        Assert.Null(schedule.After(10, null));
        Assert.Null(schedule.After(10, TimeSpan.FromSeconds(1)));
    }

    [Theory]
    [InlineData(1, 60, 60)]
    [InlineData(1, 1, 5)]
    [InlineData(1, -5, 5)]
    [InlineData(9, 60, 24 * 3600)]
    [InlineData(1, 999_999, 24 * 3600)]
    public void A_receivers_wish_makes_the_wait_longer_up_to_a_day(int failed, double wish, double seconds) =>
        Assert.InRange(schedule.After(failed, TimeSpan.FromSeconds(wish))!.Value.TotalSeconds, seconds, seconds * 1.1);
}
