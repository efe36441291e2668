using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Samplers;

namespace Darkroom.Diffusion.Tests.Samplers;

public sealed class KnownBadResultsTests
{
    private static readonly SamplerConfig Trailing = new()
    {
        BetaSchedule = "scaled_linear", BetaStart = 0.00085, BetaEnd = 0.012, TimestepSpacing = "trailing",
    };

    [Theory]
    [InlineData("lms", null, 20, 1)]
    [InlineData("lms", "karras", 20, 6)]
    [InlineData("lms", "linear_quadratic", 14, 14)]
    [InlineData("pndm", null, 2, 1)]
    [InlineData("pndm", null, 10, 1)]
    [InlineData("pndm", "simple", 5, 2)]
    public void Known_bad_results_are_named(string sampler, string? schedule, int steps, int left) =>
        Assert.Contains($"'{sampler}'", KnownBadResults.Find(SamplerCatalog.Find(sampler)!, schedule, steps, left), StringComparison.Ordinal);

    [Theory]
    [InlineData("lms", null, 20, 20)]
    [InlineData("lms", null, 4, 4)]
    [InlineData("lms", null, 20, 7)]
    [InlineData("lms", null, 20, 0)]
    [InlineData("lms", "normal", 20, 2)]
    [InlineData("pndm", null, 20, 1)]
    [InlineData("pndm", null, 2, 2)]
    [InlineData("ddim", null, 20, 1)]
    [InlineData("euler", "linear_quadratic", 14, 14)]
    public void What_is_good_or_merely_short_has_no_warning(string sampler, string? schedule, int steps, int left) =>
        Assert.Null(KnownBadResults.Find(SamplerCatalog.Find(sampler)!, schedule, steps, left));

    /// <summary>A network that knows the noise exactly: whatever is left of it was left by the sampler.</summary>
    [Theory]
    [InlineData("default")]
    [InlineData("normal")]
    public void Lms_leaves_noise_exactly_where_the_warning_says_so(string schedule)
    {
        foreach (int left in new[] { 1, 2, 3, 20 })
            Assert.Equal(
                KnownBadResults.Find(SamplerCatalog.Find("lms")!, schedule, 20, left) is not null,
                NoiseLeft(new SamplerChoice
                {
                    ModelClass = "DDIMScheduler", ModelConfig = Trailing, Sampler = "lms", Schedule = schedule, Steps = 20, SkippedSteps = 20 - left,
                }) > 0.2);
    }

    /// <summary>As a share of the noise that the run begins with.</summary>
    private static double NoiseLeft(SamplerChoice choice)
    {
        var (sampler, begin) = SamplerFactory.Start(choice);
        float[] latents = [0];
        var noise = new RowNoise(new TorchCpuGenerator(1), null);
        sampler.AddNoise(latents, [1], begin);
        double level = latents[0];
        var state = new SamplerState(sampler, 1, begin);
        sampler.Start(state, latents, noise);
        while (sampler.Next(state, out _))
            sampler.Advance(state, [1], latents, noise);
        return Math.Abs(latents[0]) / level;
    }
}
