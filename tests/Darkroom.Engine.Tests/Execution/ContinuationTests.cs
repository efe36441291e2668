using Darkroom.Diffusion.Samplers;
using Darkroom.Engine.Stages.Pictures;

namespace Darkroom.Engine.Tests.Execution;

public sealed class ContinuationTests
{
    public static TheoryData<string> Samplers => [.. SamplerCatalog.All.Select(sampler => sampler.Name).Where(name => Of(name).Timesteps.Count > 0)];

    [Theory]
    [MemberData(nameof(Samplers))]
    public void What_stands_never_has_more_noise_than_the_new_area(string name)
    {
        var sampler = Of(name);
        for (int index = 0; index < sampler.Timesteps.Count; index++)
            Assert.True(sampler.Timesteps[Continuation.Ahead(sampler, index)] <= sampler.Timesteps[index]);
        Assert.InRange(sampler.Timesteps[Continuation.Ahead(sampler, 0)] / sampler.Timesteps[0], 0.4, 0.6);
    }

    [Fact]
    public void Cells_are_let_go_one_after_the_other_and_the_black_ones_never()
    {
        var sampler = Of("ddim");
        var continuation = new Continuation([0, 0.25f, 0.5f, 1]);
        Assert.Equal([0, 0, 0, 1], MaskAt(0));
        Assert.Equal([0, 0, 0, 1], MaskAt(10));
        Assert.Equal([0, 0, 1, 1], MaskAt(11));
        Assert.Equal([0, 1, 1, 1], MaskAt(16));
        Assert.Equal([0, 1, 1, 1], MaskAt(null));

        float[] MaskAt(int? index)
        {
            var mask = new float[4];
            continuation.Write(mask, sampler, index);
            return mask;
        }
    }

    private static ISampler Of(string name) => SamplerFactory.Create(new SamplerChoice
    {
        ModelClass = "EulerDiscreteScheduler", ModelConfig = new() { BetaSchedule = "scaled_linear", BetaStart = 0.00085, BetaEnd = 0.012 }, Sampler = name,
        Steps = 20,
    });
}
