using Darkroom.Server.Automatic1111.Names;

namespace Darkroom.Server.Tests.Automatic1111.Names;

public sealed class A1111SamplersTests
{
    [Theory]
    [InlineData("DPM++ 2M", "Karras", "dpmpp_2m", "karras")]
    [InlineData("DPM++ 2M", null, "dpmpp_2m", "default")]
    [InlineData("DPM++ 2M", "Automatic", "dpmpp_2m", "default")]
    [InlineData("DPM++ 2M Karras", null, "dpmpp_2m", "karras")]
    [InlineData("DPM++ 2M SDE Exponential", "Karras", "dpmpp_2m_sde", "exponential")]
    [InlineData("DPM++ 3M SDE SGMUniform", null, "dpmpp_3m_sde", "sgm_uniform")]
    [InlineData("DPM++ 2S a Karras", null, "dpmpp_2s_ancestral", "karras")]
    [InlineData("k_dpmpp_2m_ka", null, "dpmpp_2m", "karras")]
    [InlineData("k_dpmpp_2m", "sgm_uniform", "dpmpp_2m", "sgm_uniform")]
    [InlineData("Euler a", "Align Your Steps", "euler_ancestral", "align_your_steps")]
    [InlineData("euler A", "uniform", "euler_ancestral", "normal")]
    [InlineData("Euler", "KL Optimal", "euler", "kl_optimal")]
    [InlineData("Euler", "DDIM", "euler", "ddim_uniform")]
    [InlineData("DDIM", null, "ddim", "default")]
    [InlineData("dpmpp_2m", "beta", "dpmpp_2m", "beta")]
    [InlineData(null, "Karras", null, "karras")]
    [InlineData(null, null, null, null)]
    public void Names_are_found(string? sampler, string? scheduler, string? native, string? schedule) =>
        Assert.Equal(new SamplerChoice(native, schedule), A1111Samplers.Resolve(sampler, scheduler));

    [Fact]
    public void What_is_no_name_is_told()
    {
        Assert.Equal(new SamplerChoice(null, "karras", "DPM++ 9M"), A1111Samplers.Resolve("DPM++ 9M Karras", null));
        Assert.Equal(new SamplerChoice("euler", "default", null, "Caras"), A1111Samplers.Resolve("Euler", "Caras"));
        Assert.Equal(new SamplerChoice(null, null, "x", "y"), A1111Samplers.Resolve("x", "y"));
    }

    [Fact]
    public void A_scheduler_without_a_part_in_the_rule_is_left_out_and_told()
    {
        var choice = A1111Samplers.Resolve("PLMS", "Karras");
        Assert.Equal(("pndm", "default"), (choice.Sampler, choice.Schedule));
        Assert.Equal("Scheduler 'Karras' has no part in sampler 'PLMS' and was left out.", choice.Note);
    }

    [Fact]
    public void Every_listed_name_is_taken()
    {
        foreach (var sampler in A1111Samplers.Samplers)
            foreach (var name in (string[])[sampler.Name, .. sampler.Aliases, sampler.Native.Name])
                Assert.Equal(sampler.Native.Name, A1111Samplers.Resolve(name, null).Sampler);
        foreach (var scheduler in A1111Samplers.Schedulers)
            foreach (var name in (string[])[scheduler.Name, scheduler.Label, .. scheduler.Aliases ?? []])
                Assert.Equal(scheduler.Native, A1111Samplers.Resolve("Euler", name) is { Note: null } taken ? taken.Schedule : scheduler.Native);
    }
}
