using Darkroom.Models.Upscaling;

namespace Darkroom.Models.Tests.Upscaling;

public sealed class UpscalePassesTests
{
    [Theory]
    [InlineData(4, 4.0, "100x60 400x240 400x240")]
    [InlineData(4, 2.0, "100x60 400x240 200x120")]
    [InlineData(4, 1.0, "100x60 400x240 100x60")]
    [InlineData(4, 1.5, "100x60 400x240 150x90")]
    [InlineData(4, 8.0, "100x60 400x240 400x240; 400x240 1600x960 800x480")]
    [InlineData(4, 5.0, "100x60 400x240 250x150; 250x150 1000x600 500x300")] // not 1600 x 960 first: more than twice as large is thrown away
    [InlineData(2, 8.0, "100x60 200x120 200x120; 200x120 400x240 400x240; 400x240 800x480 800x480")]
    [InlineData(2, 3.0, "100x60 200x120 200x120; 200x120 400x240 300x180")]
    [InlineData(8, 8.0, "100x60 800x480 800x480")]
    [InlineData(1, 3.0, "100x60 100x60 300x180")]
    public void Runs_as_often_as_the_factor_needs_and_resamples_to_it(int scale, double factor, string expected) => Assert.Equal(
        expected, string.Join("; ", UpscalePasses.Of(100, 60, scale, factor).Select(pass => $"{Text(pass.Input)} {Text(pass.Worked)} {Text(pass.Output)}")));

    [Fact]
    public void Every_pass_starts_where_the_last_ended_and_the_last_at_the_target()
    {
        for (int scale = 1; scale <= 5; scale++)
            for (double factor = 1; factor <= 8; factor += 0.37)
            {
                var passes = UpscalePasses.Of(37, 1, scale, factor);
                Assert.Equal((37, 1), passes[0].Input);
                Assert.Equal(UpscalePasses.TargetOf(37, 1, factor), passes[^1].Output);
                Assert.All(passes.Zip(passes.Skip(1)), pair => Assert.Equal(pair.First.Output, pair.Second.Input));
                Assert.All(passes, pass => Assert.Equal((pass.Input.Width * scale, pass.Input.Height * scale), pass.Worked));
                Assert.True(scale == 1 || passes[^1].Worked.Width >= passes[^1].Output.Width);
            }
    }

    [Theory]
    [InlineData(0.99)]
    [InlineData(8.01)]
    [InlineData(double.NaN)]
    public void Factors_out_of_range_are_refused(double factor) => Assert.Throws<ArgumentOutOfRangeException>(() => UpscalePasses.Of(10, 10, 4, factor));

    [Theory]
    [InlineData(4, 100, 60, 4)]
    [InlineData(16, 100, 60, 8)]
    [InlineData(1, 4096, 4096, 1)]
    [InlineData(4, 4096, 4096, 2)]
    [InlineData(16, 8192, 2048, 2)]
    public void A_run_that_names_no_factor_has_the_networks_as_far_as_there_is_room(int scale, int width, int height, double factor)
    {
        double own = UpscalePasses.OwnFactor(scale, width, height);
        Assert.Equal(factor, own, 0.01);
        Assert.True(UpscalePasses.TargetOf(width, height, own) is var (w, h) && (long)w * h <= UpscalePasses.DefaultMaxPixels);
        Assert.NotEmpty(UpscalePasses.Of(width, height, scale, own));
    }

    private static string Text((int Width, int Height) size) => $"{size.Width}x{size.Height}";
}
