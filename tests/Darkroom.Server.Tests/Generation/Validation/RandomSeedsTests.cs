using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Tests.Generation.Validation;

public sealed class RandomSeedsTests
{
    private readonly RandomSeeds seeds = new();

    /// <summary>A source that draws from more than is asked for, and again until one fits, would not come to an end with the small ones.</summary>
    [Theory]
    [InlineData(0L)]
    [InlineData(1L)]
    [InlineData(2L)]
    [InlineData(4294967282L)] // AUTOMATIC1111's, less a dozen pictures
    [InlineData((1L << 53) - 1)]
    [InlineData(long.MaxValue)]
    public void Seeds_reach_from_zero_to_the_end_and_no_further(long largest)
    {
        var drawn = Enumerable.Range(0, 2000).Select(_ => seeds.Next(largest)).ToList();
        Assert.All(drawn, seed => Assert.InRange(seed, 0, largest));
        Assert.Contains(drawn, seed => seed > largest / 2 || largest == 0);
        Assert.Contains(drawn, seed => seed <= largest / 2);
    }

    [Fact]
    public void None_of_three_is_more_likely_than_another()
    {
        var counts = Enumerable.Range(0, 30_000).GroupBy(_ => seeds.Next(2)).ToDictionary(same => same.Key, same => same.Count());
        Assert.Equal([0L, 1L, 2L], counts.Keys.Order());
        Assert.All(counts.Values, count => Assert.InRange(count, 9_400, 10_600)); // six times the standard deviation and more: 82
    }
}
