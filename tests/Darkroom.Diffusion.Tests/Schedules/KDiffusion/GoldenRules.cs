using System.Globalization;
using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Schedules.KDiffusion;

namespace Darkroom.Diffusion.Tests.Schedules.KDiffusion;

/// <summary>The conformance pack's names of sigma rules, all on Stable Diffusion 1.5's levels.</summary>
internal static class GoldenRules
{
    public static SamplerConfig StableDiffusion15 { get; } = new() { BetaStart = 0.00085, BetaEnd = 0.012, BetaSchedule = "scaled_linear" };

    public static DiscreteSigmas Sigmas { get; } = DiscreteSigmas.Of(StableDiffusion15);

    public static double[] Make(string name, int n) => name switch
    {
        "normal" or "karras" or "exponential" or "simple" or "ddim_uniform" or "linear_quadratic" or "sgm_uniform" => ByName(name, SigmaConvention.A1111, n),
        "comfy_normal" or "comfy_sgm_uniform" => ByName(name["comfy_".Length..], SigmaConvention.ComfyUi, n),
        "beta" or "kl_optimal" => ByName(name, SigmaConvention.ComfyUi, n),
        "a1111_beta" or "a1111_kl_optimal" => ByName(name["a1111_".Length..], SigmaConvention.A1111, n),
        "align_your_steps_sd1" => AlignYourStepsLevels.Comfy(n, AlignYourStepsModel.StableDiffusion1),
        "align_your_steps_sdxl" => AlignYourStepsLevels.Comfy(n, AlignYourStepsModel.StableDiffusionXl),
        "a1111_align_your_steps_sd1" => AlignYourStepsLevels.A1111(n, AlignYourStepsModel.StableDiffusion1),
        "a1111_align_your_steps_sdxl" => AlignYourStepsLevels.A1111(n, AlignYourStepsModel.StableDiffusionXl),
        "vp" => VpLevels.Make(n),
        _ when After(name, "karras_rho_") is [var rho] => KarrasLevels.Make(n, Sigmas.Min, Sigmas.Max, rho),
        _ when After(name, "polyexponential_rho_") is [var rho] => ExponentialLevels.Polynomial(n, Sigmas.Min, Sigmas.Max, rho),
        _ when After(name, "karras_") is [var min, var max] => KarrasLevels.Make(n, min, max),
        _ => throw new NotSupportedException($"The golden rule '{name}' is not known."),
    };

    private static double[] ByName(string name, SigmaConvention convention, int n) => SigmaScheduleCatalog.Levels(name, convention, Sigmas, n);

    private static double[] After(string name, string start) => name.StartsWith(start, StringComparison.Ordinal)
        ? [.. name[start.Length..].Split('_').Select(part => double.TryParse(part, CultureInfo.InvariantCulture, out double number) ? number : double.NaN)]
        : [];
}
