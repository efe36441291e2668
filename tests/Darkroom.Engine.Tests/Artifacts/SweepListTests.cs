using System.Globalization;
using Darkroom.Engine.Artifacts;

namespace Darkroom.Engine.Tests.Artifacts;

public sealed class SweepListTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly SweepList list = new(new SweepChoice(TimeSpan.FromHours(24)), Now);

    [Fact]
    public void Each_picture_goes_or_stays_by_its_own_job()
    {
        // Ids of both kinds, in an order of their own.
        string[] jobs = [.. Enumerable.Range(0, 100).Select(i => i % 3 == 0 ? $"job {i}" : (i * 7919 % 100).ToString("x32", CultureInfo.InvariantCulture))];
        for (int i = 0; i < jobs.Length; i++)
            foreach (string name in (string[])["told", "untold"]) list.Add(new($"{name} {i}", jobs[i], Now.AddHours(-30)));
        list.Add(new("orphan", "nobody", Now.AddHours(-2)));
        list.Add(new("young orphan", "nobody", Now.AddMinutes(-59)));
        for (int i = jobs.Length - 1; i >= 0; i--)
            foreach (int time in (int[])[1, 2]) // a second time changes nothing
                Assert.True(list.Meet(jobs[i], new(i % 2 == 0 ? Now.AddHours(-25) : Now.AddHours(-23), [$"told {i}"])), $"{i}, {time}");
        Assert.Equal(
            [.. Enumerable.Range(0, 100).Where(i => i % 2 == 0).Select(i => $"told {i}"), .. Enumerable.Range(0, 100).Select(i => $"untold {i}"), "orphan"],
            list.Due().ToHashSet());
    }

    [Fact]
    public void Job_whose_pictures_are_not_all_there_is_told()
    {
        list.Add(new("one", "job", Now));
        Assert.True(list.Meet("job", new(Now, ["one"])));
        Assert.False(list.Meet("job", new(Now, ["one", "other"])));
        Assert.Empty(list.Due());
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("0123456789ABCDEF0123456789abcdef")]
    [InlineData("ffffffffffffffffffffffffffffffff")]
    [InlineData("")]
    [InlineData("job 7")]
    public void Compact_id_is_its_text(string id)
    {
        Assert.Equal(id, CompactId.Of(id).ToString());
        Assert.Equal(CompactId.Of(id), CompactId.Of(id));
        Assert.Equal(0, CompactId.Of(id).CompareTo(CompactId.Of(id)));
    }
}
