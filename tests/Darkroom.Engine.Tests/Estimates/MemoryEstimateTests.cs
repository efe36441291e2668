using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Tests.Estimates;

/// <summary>What rows keep between calls, as far as their request tells.</summary>
public sealed class MemoryEstimateTests
{
    /// <summary>At 512 pixels Stable Diffusion's ControlNets give 6,717,440 numbers for each lane, kept twice.</summary>
    [Theory]
    [InlineData(1, 1.0, 1)]
    [InlineData(1, 7.5, 2)]
    [InlineData(3, 7.5, 2)]
    public void ControlNets_keep_what_they_answer_for_each_lane_of_each_picture(int count, double guidance, int lanes)
    {
        var plain = Requests.Plain with { Width = 512, Height = 512, Count = count, GuidanceScale = guidance };
        var led = plain with { Controls = [new() { Model = "edges", Picture = new("", 100, 50) }] };
        long each = 2L * lanes * 6_717_440 * sizeof(float) + (320 * 64 * 64 + 3 * 512 * 512) * sizeof(float) + 6 * 100 * 50;
        Assert.Equal(count * each, MemoryEstimate.StateOf(led) - MemoryEstimate.StateOf(plain));
    }
}
