using Darkroom.Server.Generation;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Tests.Problems;

public sealed class FailureTableTests
{
    [Fact]
    public void Every_kind_of_failure_is_a_problem_of_its_own()
    {
        var types = Enum.GetValues<FailureKind>().Select(FailureTable.TypeOf).ToList();
        Assert.Equal(types.Count, types.Distinct().Count());
        Assert.All(types, type => Assert.InRange(type.Status, 400, 599));
    }

    [Theory]
    [InlineData(null, 5)]
    [InlineData(0.0, 1)]
    [InlineData(2.1, 3)]
    public void A_measured_wait_goes_before_the_usual_one_in_whole_seconds(double? seconds, int told) => Assert.Equal(
        told, FailureTable.Of(new(FailureKind.QueueFull, "") { RetryAfter = seconds is { } s ? TimeSpan.FromSeconds(s) : null }).RetryAfter);
}
