using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Schedules.KDiffusion;

namespace Darkroom.Diffusion.Samplers;

/// <summary>
/// Every fact about a sampler that anything outside its rule needs: what callers name it, what it costs, which limits are known before a run, and what it
/// is in the programs whose pictures it reproduces. The table is <see cref="SamplerCatalog"/>.
/// </summary>
/// <param name="Name">The native API's name.</param>
/// <param name="Title">The name people know, AUTOMATIC1111's where it has one.</param>
/// <param name="Kind">Whether noise is drawn on the way.</param>
/// <param name="Support">Which schedules it can follow.</param>
public sealed record SamplerInfo(string Name, string Title, SamplerKind Kind, ScheduleSupport Support)
{
    /// <summary>diffusers' class; null where it has none and k-diffusion's rule is used.</summary>
    public string? DiffusersClass { get; init; }

    /// <summary>diffusers' class of the same rule for straight-path (flow matching) models; null where it has none.</summary>
    public string? FlowClass { get; init; }

    /// <summary>k-diffusion's function, for A1111 and ComfyUI compatibility; null where there is none.</summary>
    public string? KDiffusion { get; init; }

    /// <summary>What other programs call it.</summary>
    public SamplerNamesElsewhere Elsewhere { get; init; } = new([], null, null);

    /// <summary>Options laid over the model's own configuration.</summary>
    public Func<SamplerConfig, SamplerConfig> Options { get; init; } = static config => config;

    /// <summary>
    /// Network calls a step, for estimates: the last step of a second-order rule makes one, and an adaptive rule makes as many for every step that it tries.
    /// </summary>
    public int CallsPerStep { get; init; } = 1;

    /// <summary>
    /// Chooses its noise levels while it runs: steps are a bound, and what stands outside of a mask cannot be kept at the level of the next call.
    /// </summary>
    public bool IsAdaptive { get; init; }

    /// <summary>Whether it works where the latents outside of a mask are blended in after every call.</summary>
    public bool CanBlend => !IsAdaptive;

    /// <summary>Whether k-diffusion's rule of it holds for straight-path (flow matching) models too.</summary>
    public bool RunsFlow { get; init; }

    /// <summary>Takes its timesteps from those of a distilled model's training; their number (<c>original_inference_steps</c>) bounds the steps.</summary>
    public bool IsDistilled { get; init; }

    /// <summary>The networks that it is made for, where all others give noise; null: any.</summary>
    public string? MadeFor { get; init; }

    /// <summary>Share of fresh noise where a request does not say; null: the rule takes none.</summary>
    public double? DefaultEta { get; init; }

    /// <summary>The schedule that A1111's "Automatic" stands for.</summary>
    public string AutomaticSchedule { get; init; } = "normal";

    /// <summary>The programs that make its schedule for one step more and drop the last level but one, from which a step harms its pictures.</summary>
    public IReadOnlyList<SigmaConvention> DropsPenultimateIn { get; init; } = [];

    /// <summary>Names of the schedule catalog that mean something with it, in list order.</summary>
    public IReadOnlyList<string> Schedules => Support.Schedules();

    /// <summary>Whether it runs straight-path (flow matching) models by a rule of diffusers.</summary>
    public bool TakesFlow => FlowClass is not null || DiffusersClass is "DPMSolverMultistep" or "DPMSolverSinglestep" or "UniPCMultistep" or "DEISMultistep";

    /// <summary>Those of <see cref="Schedules"/> that mean something with models of a class: flow models have levels of their own.</summary>
    /// <param name="modelClass">diffusers' class in the model's configuration.</param>
    public IReadOnlyList<string> SchedulesFor(string modelClass) => !SamplerCatalog.IsFlowClass(modelClass) ? Schedules
        : FlowClass == "FlowMatchEulerDiscrete" ? [ScheduleCatalog.Default, "karras", "exponential", "beta"]
        : [ScheduleCatalog.Default];

    /// <summary>Names of the schedule catalog that mean something with it in a program whose pictures are reproduced; none: it has no such sampler.</summary>
    public IReadOnlyList<string> SchedulesIn(SigmaConvention convention) => CompatibleSchedules.Of(this, convention);

    /// <summary>The share of fresh noise of a program whose request does not say; null: its rule takes none.</summary>
    public double? DefaultEtaIn(SigmaConvention convention) => KDiffusion switch
    {
        "sample_dpm_fast" or "sample_dpm_adaptive" => convention == SigmaConvention.A1111 ? 1 : 0,
        "sample_dpmpp_sde" or "sample_dpmpp_2m_sde" or "sample_dpmpp_3m_sde" => 1,
        null when convention == SigmaConvention.ComfyUi => null, // its ddim is Euler's step
        _ => DefaultEta,
    };

    /// <summary>Whether it takes <c>s_churn</c>, <c>s_tmin</c> and <c>s_tmax</c>: by diffusers' rule, or by k-diffusion's.</summary>
    /// <param name="convention">Whose rule is followed; null: diffusers'.</param>
    public bool Churns(SigmaConvention? convention) => convention is null
        ? DiffusersClass is "EulerDiscrete" or "EDMEuler"
        : KDiffusion is "sample_euler" or "sample_heun" or "sample_dpm_2";

    /// <summary>Whether it takes <c>s_noise</c>.</summary>
    /// <param name="convention">Whose rule is followed; null: diffusers'.</param>
    public bool ScalesNoise(SigmaConvention? convention) => Churns(convention) || (convention is null
        ? DiffusersClass is null or "DPMSolverSDE"
        : KDiffusion is not (null or "sample_lms" or "sample_dpmpp_2m"));

    /// <summary>What A1111, diffusers and ComfyUI call it, where that is neither its name nor its title.</summary>
    public IReadOnlyList<string> Aliases => Elsewhere.Except(Name, Title);

    /// <summary>The smallest number of steps that it can run.</summary>
    public int MinSteps => 1;

    /// <summary>The largest number of steps that it can run under a model's configuration; null: as many as a request may ask.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="teacherShare">Share of its teacher's schedule that a distilled sampler picks its steps from, 0…1.</param>
    public int? MaxSteps(SamplerConfig config, double teacherShare = 1)
    {
        ArgumentNullException.ThrowIfNull(config);
        return IsDistilled ? (int)((config.OriginalInferenceSteps ?? LcmLevels.TeacherSteps) * teacherShare) : null;
    }
}

public enum SamplerKind
{
    /// <summary>The starting noise decides the picture.</summary>
    Deterministic,

    /// <summary>Fresh noise is drawn at the steps.</summary>
    Stochastic,
}

/// <summary>What other programs call a sampler.</summary>
/// <param name="Automatic1111">AUTOMATIC1111's label, then its aliases; empty where it has no such sampler.</param>
/// <param name="Diffusers">diffusers' class with its suffix, where that alone says which sampler it is.</param>
/// <param name="ComfyUi">ComfyUI's name; null where it has no such sampler.</param>
public sealed record SamplerNamesElsewhere(IReadOnlyList<string> Automatic1111, string? Diffusers, string? ComfyUi)
{
    /// <summary>Every name but those given.</summary>
    public IReadOnlyList<string> Except(params IReadOnlyList<string> known) =>
        [.. Automatic1111.Append(ComfyUi).Append(Diffusers).OfType<string>().Distinct().Where(name => !known.Contains(name))];
}
