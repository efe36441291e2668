using Darkroom.Diffusion.Guidance;

namespace Darkroom.Diffusion.Tests.Guidance;

public sealed class GuidanceTests
{
    private static readonly float[] Uncond = [.. Enumerable.Range(0, 19).Select(i => i * 0.5f)];
    private static readonly float[] Cond = [.. Enumerable.Range(0, 19).Select(i => i * i * 0.25f)];

    [Fact]
    public void Result_may_be_either_output()
    {
        float[] apart = new float[19], overUncond = [.. Uncond], overCond = [.. Cond];
        ClassifierFreeGuidance.Apply(apart, Uncond, Cond, 7.5);
        ClassifierFreeGuidance.Apply(overUncond, overUncond, Cond, 7.5);
        ClassifierFreeGuidance.Apply(overCond, Uncond, overCond, 7.5);
        Assert.Equal(apart, overUncond);
        Assert.Equal(apart, overCond);
        Assert.Equal(18 * 0.5f + 7.5f * (18 * 18 * 0.25f - 18 * 0.5f), apart[18]);
    }

    [Fact]
    public void One_prompt_of_weight_one_is_plain_guidance()
    {
        float[] composed = new float[19], plain = new float[19];
        ComposedGuidance.Apply(composed, Uncond, [Cond], [1], 5);
        ClassifierFreeGuidance.Apply(plain, Uncond, Cond, 5);
        Assert.Equal(plain, composed);
    }

    [Fact]
    public void Opposite_weights_cancel()
    {
        var result = new float[19];
        ComposedGuidance.Apply(result, Uncond, [Cond, Cond], [0.5, -0.5], 4);
        Assert.Equal(Uncond, result);
    }

    [Theory]
    [InlineData(1e38)]
    [InlineData(-1e38)]
    public void A_weight_of_many_digits_counts_as_the_largest_factor(double weight)
    {
        float[] huge = new float[19], largest = new float[19];
        ComposedGuidance.Apply(huge, Uncond, [Cond, Cond], [weight, 1], 7.5);
        ComposedGuidance.Apply(largest, Uncond, [Cond, Cond], [Math.Sign(weight) * ComposedGuidance.MaxFactor / 7.5, 1], 7.5);
        Assert.Equal(largest, huge);
        Assert.All(huge, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Missing_weight_is_refused() =>
        Assert.Throws<ArgumentException>(() => ComposedGuidance.Apply(new float[19], Uncond, [Cond, Cond], [1], 5));

    [Fact]
    public void Other_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => ClassifierFreeGuidance.Apply(new float[19], Uncond, Cond.AsSpan(1), 5));

    [Fact]
    public void Full_rescale_gives_the_conditional_deviation()
    {
        var guided = new float[19];
        ClassifierFreeGuidance.Apply(guided, Uncond, Cond, 9);
        GuidanceRescale.Apply(guided, Cond, 1);
        Assert.Equal(Deviation(Cond), Deviation(guided), 1e-4);
    }

    [Fact]
    public void Constant_output_is_left_as_it_is()
    {
        float[] guided = [2, 2, 2, 2];
        GuidanceRescale.Apply(guided, [1, 2, 3, 4], 0.7);
        Assert.Equal([2, 2, 2, 2], guided);
    }

    [Fact]
    public void Interval_is_half_open()
    {
        var interval = new GuidanceInterval(0.2, 0.8);
        int[] guided = [.. Enumerable.Range(0, 10).Where(step => interval.Guides(step, 10))];
        Assert.Equal([2, 3, 4, 5, 6, 7], guided);
        Assert.True((interval with { IncludesEnd = true }).Guides(8, 10));
        Assert.False((interval with { IncludesEnd = true }).Guides(9, 10));
    }

    [Fact]
    public void Whole_interval_guides_every_step() =>
        Assert.All(Enumerable.Range(0, 30), step => Assert.True(GuidanceInterval.Whole.Guides(step, 30)));

    [Fact]
    public void Empty_interval_guides_no_step() =>
        Assert.All(Enumerable.Range(0, 10), step => Assert.False(new GuidanceInterval(0.5, 0.5).Guides(step, 10)));

    private static double Deviation(float[] values)
    {
        double mean = values.Average(v => (double)v);
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
    }
}
