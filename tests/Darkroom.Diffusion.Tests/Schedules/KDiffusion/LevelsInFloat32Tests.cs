using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Samplers.Diffusers;
using Darkroom.Diffusion.Schedules.KDiffusion;

namespace Darkroom.Diffusion.Tests.Schedules.KDiffusion;

/// <summary>Ten levels as torch 2.10 computes them on a CPU, to the last bit.</summary>
public sealed class LevelsInFloat32Tests
{
    // Stable Diffusion 1's ends, as float32.
    private const double Min = 0.02916739322245121, Max = 14.614641189575195;

    [Theory]
    [InlineData(1, new[] { 14.614641f, 12.994033f, 11.373425f, 9.752816f, 8.132208f, 6.5115995f, 4.890991f, 3.2703838f, 1.6497755f, 0.029167175f })]
    [InlineData(2, new[] { 14.614641f, 11.676698f, 9.0680895f, 6.7888126f, 4.8388705f, 3.218262f, 1.9269875f, 0.9650469f, 0.33244044f, 0.029167417f })]
    [InlineData(3, new[] { 14.614641f, 10.756613f, 7.645382f, 5.2006154f, 3.3419828f, 1.989149f, 1.061783f, 0.47955224f, 0.16212463f, 0.029167412f })]
    [InlineData(5, new[] { 14.614642f, 9.681301f, 6.180377f, 3.774491f, 2.183971f, 1.1814184f, 0.5862917f, 0.2594923f, 0.09794248f, 0.029167404f })]
    [InlineData(7, new[] { 14.614643f, 9.102934f, 5.4783955f, 3.1686072f, 1.7494206f, 0.914075f, 0.44691983f, 0.2013993f, 0.08191074f, 0.029167399f })]
    public void Karras_levels_of_any_rho_are_torchs(double rho, float[] levels) =>
        Assert.Equal([.. levels.Select(level => (double)level), 0], KarrasLevels.Make(levels.Length, Min, Max, rho));

    [Theory]
    [InlineData(3, new[] { 14.61464f, 2.2967675f, 0.54352117f, 0.18402007f, 0.08469189f, 0.05034137f, 0.036719225f, 0.031226696f, 0.029417187f, 0.02916739f })]
    [InlineData(0.5, new[] { 14.61464f, 10.241858f, 7.0141873f, 4.6703467f, 3.0010781f, 1.8400294f, 1.0560392f, 0.5465604f, 0.23166539f, 0.02916739f })]
    public void Polynomial_levels_of_any_rho_are_torchs(double rho, float[] levels) =>
        Assert.Equal([.. levels.Select(level => (double)level), 0], ExponentialLevels.Polynomial(levels.Length, Min, Max, rho));

    [Fact]
    public void Preconditioned_levels_of_any_rho_are_torchs()
    {
        float[] levels = [80f, 56.8049f, 38.591896f, 24.75863f, 14.702756f, 7.8219233f, 3.5137813f, 1.1759803f, 0.20616995f, 0.0020000092f];
        var sampler = DiffusersSamplers.Create("EDMDPMSolverMultistep", new SamplerConfig { Rho = 3 }, new SamplerRun { Steps = levels.Length });
        Assert.Equal([.. levels.Select(level => (double)level), 0], sampler.Sigmas);
    }
}
