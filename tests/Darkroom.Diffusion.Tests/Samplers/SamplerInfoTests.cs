using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Schedules.KDiffusion;

namespace Darkroom.Diffusion.Tests.Samplers;

public sealed class SamplerInfoTests
{
    private static readonly SamplerConfig Config = new() { BetaSchedule = "scaled_linear", BetaStart = 0.00085, BetaEnd = 0.012 };

    public static TheoryData<string> Names => [.. SamplerCatalog.All.Select(sampler => sampler.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Steps_are_refused_exactly_where_the_table_says_so(string name)
    {
        var info = SamplerCatalog.Find(name)!;
        foreach (var config in new[] { Config, Config with { OriginalInferenceSteps = 20 } })
        {
            int max = info.MaxSteps(config) ?? 150;
            foreach (int steps in new[] { info.MinSteps, max, max + 1 }.Where(steps => steps <= 150))
                if (steps > max) Assert.Throws<NotSupportedException>(() => Make(info, config, steps));
                else Assert.NotNull(Make(info, config, steps));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Calls_a_step_are_those_that_its_rules_make(string name)
    {
        var info = SamplerCatalog.Find(name)!;
        var sampler = Make(info, Config, 12);
        if (info.IsAdaptive)
        {
            Assert.Empty(sampler.Timesteps);
            Assert.Equal(info.CallsPerStep, sampler.CallsPerStep);
        }
        else
        {
            Assert.InRange(sampler.Timesteps.Count, info.CallsPerStep * (12 - 1), info.CallsPerStep * 12 + 1);
        }
    }

    [Fact]
    public void Names_are_unique_across_programs()
    {
        var names = SamplerCatalog.All.SelectMany(info => info.Aliases.Append(info.Name)).ToArray();
        Assert.Equal(names.Distinct(), names);
        Assert.Contains("k_euler_a", SamplerCatalog.Find("euler_ancestral")!.Aliases);
        Assert.Equal(["uni_pc", "UniPCMultistepScheduler"], SamplerCatalog.Find("unipc")!.Aliases);
    }

    [Fact]
    public void Every_class_of_the_table_and_every_automatic_schedule_exists()
    {
        Assert.All(SamplerCatalog.All, info =>
        {
            Assert.True(info.DiffusersClass is not null || info.KDiffusion is not null);
            Assert.Contains(info.AutomaticSchedule, SigmaScheduleCatalog.Names);
            Assert.All(new[] { info.DiffusersClass, info.FlowClass }.OfType<string>(), one => Assert.Contains(one, Diffusion.Samplers.Diffusers.DiffusersSamplers.Classes));
        });
    }

    [Fact]
    public void Flow_models_run_the_flow_class_of_a_sampler()
    {
        Assert.True(SamplerCatalog.IsFlowClass("FlowMatchEulerDiscreteScheduler"));
        Assert.False(SamplerCatalog.IsFlowClass("EulerDiscreteScheduler"));
        Assert.Equal("euler", SamplerCatalog.OfClass("FlowMatchEulerDiscreteScheduler")!.Name);
        var heun = SamplerFactory.Create(new SamplerChoice { ModelClass = "FlowMatchEulerDiscreteScheduler", ModelConfig = new() { Shift = 3 }, Sampler = "heun", Steps = 4 });
        Assert.Equal(7, heun.Timesteps.Count);
        Assert.Equal(1000, heun.Timesteps[0], 1e-3);
    }

    private static ISampler Make(SamplerInfo info, SamplerConfig config, int steps) => SamplerFactory.Create(
        new SamplerChoice { ModelClass = "DDIMScheduler", ModelConfig = config, Sampler = info.Name, Schedule = ScheduleCatalog.Default, Steps = steps });
}
