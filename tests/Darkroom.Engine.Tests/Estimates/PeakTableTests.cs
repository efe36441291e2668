using Darkroom.Engine.Estimates;
using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Stages;

namespace Darkroom.Engine.Tests.Estimates;

public sealed class PeakTableTests
{
    private static readonly CostKey Small = new("a", Denoise.Network, new LatentShape(4, 8, 8)), Large = Small with { Shape = new LatentShape(4, 64, 64) };

    [Fact]
    public void What_was_measured_stands_in_place_of_the_estimate()
    {
        var peaks = new PeakTable();
        Assert.Equal(100, peaks.BytesOf(Small, 2, 100));
        peaks.Learn(Small, 2, 70, 100);
        Assert.Equal(70, peaks.BytesOf(Small, 2, 100));
        Assert.Equal(140, peaks.BytesOf(Small, 2, 200)); // longer texts
        Assert.Equal(100, peaks.BytesOf(Small with { Model = "b" }, 2, 100));
    }

    [Fact]
    public void An_estimate_that_was_too_low_is_raised_at_every_size_and_one_that_was_too_high_is_lowered_near_by()
    {
        var peaks = new PeakTable();
        peaks.Learn(Small, 2, 240, 100);
        Assert.Equal(2400, peaks.BytesOf(Large, 2, 1000));
        peaks = new PeakTable();
        peaks.Learn(Small, 2, 50, 100);
        Assert.Equal(200, peaks.BytesOf(Large, 1, 400));
        Assert.Equal(1000, peaks.BytesOf(Large, 2, 1000));
    }

    [Fact]
    public void The_largest_measurement_of_a_call_is_kept()
    {
        var peaks = new PeakTable();
        peaks.Learn(Small, 2, 70, 100);
        peaks.Learn(Small, 2, 60, 100);
        Assert.Equal(new MeasuredPeak(Small, 2, 70, 100), Assert.Single(peaks.Measured));
        Assert.Equal(1, peaks.Version);
    }
}
