using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Schedules;
using Darkroom.TestKit;

namespace Darkroom.Diffusion.Tests.Schedules;

[Trait("Category", "Conformance")]
public sealed class BetaScheduleConformance
{
    /// <summary>Betas are differences of nearly equal numbers; against float64 the reference itself is off by 7e-6 at the last ones.</summary>
    private const double Tolerance = 2e-5, Exact = 1e-7;

    private static readonly SamplerConfig ScaledLinear = new() { BetaSchedule = "scaled_linear", BetaStart = 0.00085, BetaEnd = 0.012 };

    [Fact]
    public void Betas_of_every_rule_are_the_references()
    {
        if (!ConformancePack.Has("guidance", "guidance.safetensors")) return;
        var tensors = ConformancePack.Tensors("guidance", "guidance.safetensors");
        (string Name, SamplerConfig Config)[] rules =
        [
            ("scaled_linear", ScaledLinear), ("linear", new()),
            ("cosine", new() { BetaSchedule = "squaredcos_cap_v2" }), ("sigmoid", new() { BetaSchedule = "sigmoid" }),
        ];
        foreach (var (name, config) in rules)
        {
            using var measure = new Measure("guidance/betas", name);
            float[] betas = BetaSchedule.Betas(config);
            measure.Close("betas", tensors["betas_" + name].Values, betas, Exact);
            if (tensors.Has("alphas_cumprod_" + name))
                measure.Close("alphas_cumprod", tensors["alphas_cumprod_" + name].Values, BetaSchedule.AlphasCumprod(config), Exact);
        }
    }

    [Fact]
    public void Zero_terminal_snr_leaves_no_signal_at_the_end()
    {
        if (!ConformancePack.Has("guidance", "guidance.json")) return;
        var tensors = ConformancePack.Tensors("guidance", "guidance.safetensors");
        var rescaled = ConformancePack.Json("guidance", "guidance.json").GetProperty("zero_terminal_snr");
        (string Name, SamplerConfig Config)[] rules = [("scaled_linear", ScaledLinear), ("linear", new())];
        foreach (var (name, config) in rules)
        {
            using var measure = new Measure("guidance/zero_snr", name);
            measure.Close("betas", tensors[$"betas_{name}_zero_snr"].Values, BetaSchedule.ZeroTerminalSnr(BetaSchedule.Betas(config)), Tolerance);
            float[] alphas = BetaSchedule.AlphasCumprod(config with { RescaleBetasZeroSnr = true }, supportsZeroSnr: true);
            measure.Close("alphas_cumprod", tensors[$"alphas_cumprod_{name}_zero_snr"].Values, alphas, Tolerance);
            measure.Equal("last", rescaled.GetProperty(name).GetProperty("last_alphas_cumprod").GetDouble(), (double)alphas[^1]);
        }
    }
}
