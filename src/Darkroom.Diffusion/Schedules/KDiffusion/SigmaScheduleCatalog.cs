namespace Darkroom.Diffusion.Schedules.KDiffusion;

/// <summary>Schedule names and the rules they stand for. Every rule gives levels largest first.</summary>
public static class SigmaScheduleCatalog
{
    /// <summary>Names that <see cref="Levels"/> knows, the samplers' own default aside.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "karras", "exponential", "polyexponential", "beta", "normal", "simple", "sgm_uniform", "ddim_uniform", "kl_optimal",
        "align_your_steps", "linear_quadratic", "lcm",
    ];

    /// <summary>
    /// The levels of a named rule for n ≥ 1 steps. A1111 has no linear_quadratic and ComfyUI no polyexponential of its own; both have one formula.
    /// </summary>
    /// <exception cref="NotSupportedException">No rule has the name; the message lists those that there are.</exception>
    public static double[] Levels(
        string name, SigmaConvention convention, DiscreteSigmas sigmas, int n, AlignYourStepsModel model = AlignYourStepsModel.StableDiffusion1)
    {
        ArgumentNullException.ThrowIfNull(sigmas);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        bool comfy = convention == SigmaConvention.ComfyUi;
        return name switch
        {
            "karras" => KarrasLevels.Make(n, sigmas.Min, sigmas.Max),
            "exponential" => ExponentialLevels.Make(n, sigmas.Min, sigmas.Max),
            "polyexponential" => ExponentialLevels.Polynomial(n, sigmas.Min, sigmas.Max),
            "beta" => comfy ? BetaLevels.Comfy(sigmas, n) : BetaLevels.A1111(sigmas, n),
            "normal" => comfy ? UniformLevels.ComfyNormal(sigmas, n) : UniformLevels.Normal(sigmas, n),
            "simple" => SkippedLevels.Simple(sigmas, n),
            "sgm_uniform" => comfy ? UniformLevels.ComfySgmUniform(sigmas, n) : UniformLevels.SgmUniform(sigmas, n),
            "ddim_uniform" => SkippedLevels.DdimUniform(sigmas, n),
            "kl_optimal" => comfy ? KlOptimalLevels.Comfy(sigmas, n) : KlOptimalLevels.A1111(sigmas, n),
            "align_your_steps" => comfy ? AlignYourStepsLevels.Comfy(n, model) : AlignYourStepsLevels.A1111(n, model),
            "linear_quadratic" => LinearQuadraticLevels.Make(sigmas, n),
            "lcm" => LcmLevels.Make(sigmas, n),
            _ => throw new NotSupportedException($"Schedule '{name}' has no sigma rule here; there are {string.Join(", ", Names)}."),
        };
    }
}
