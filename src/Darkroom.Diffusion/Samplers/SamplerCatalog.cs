using static Darkroom.Diffusion.Samplers.SamplerKind;
using static Darkroom.Diffusion.Schedules.KDiffusion.SigmaConvention;
using Darkroom.Diffusion.Configuration;

namespace Darkroom.Diffusion.Samplers;

/// <summary>Every sampler of the native API, in the order that lists show them.</summary>
public static class SamplerCatalog
{
    private const string Suffix = "Scheduler";
    private const string Preconditioned = "networks with EDM preconditioning";

    public static IReadOnlyList<SamplerInfo> All { get; } =
    [
        new("euler", "Euler", Deterministic, ScheduleSupport.Sigmas)
        {
            DiffusersClass = "EulerDiscrete", FlowClass = "FlowMatchEulerDiscrete", KDiffusion = "sample_euler", RunsFlow = true,
            Elsewhere = new(["Euler", "k_euler"], "EulerDiscreteScheduler", "euler"),
        },
        new("euler_ancestral", "Euler a", Stochastic, ScheduleSupport.Sigmas)
        {
            DiffusersClass = "EulerAncestralDiscrete", KDiffusion = "sample_euler_ancestral", DefaultEta = 1,
            Elsewhere = new(["Euler a", "k_euler_a", "k_euler_ancestral"], "EulerAncestralDiscreteScheduler", "euler_ancestral"),
        },
        new("heun", "Heun", Deterministic, ScheduleSupport.Sigmas)
        {
            DiffusersClass = "HeunDiscrete", FlowClass = "FlowMatchHeunDiscrete", KDiffusion = "sample_heun", RunsFlow = true, CallsPerStep = 2,
            Elsewhere = new(["Heun", "k_heun"], "HeunDiscreteScheduler", "heun"),
        },
        new("dpm_2", "DPM2", Deterministic, ScheduleSupport.Sigmas)
        {
            DiffusersClass = "KDPM2Discrete", KDiffusion = "sample_dpm_2", RunsFlow = true, CallsPerStep = 2,
            AutomaticSchedule = "karras", DropsPenultimateIn = [A1111, ComfyUi],
            Elsewhere = new(["DPM2", "k_dpm_2"], "KDPM2DiscreteScheduler", "dpm_2"),
        },
        new("dpm_2_ancestral", "DPM2 a", Stochastic, ScheduleSupport.Sigmas)
        {
            DiffusersClass = "KDPM2AncestralDiscrete", KDiffusion = "sample_dpm_2_ancestral", DefaultEta = 1, CallsPerStep = 2,
            AutomaticSchedule = "karras", DropsPenultimateIn = [A1111, ComfyUi],
            Elsewhere = new(["DPM2 a", "k_dpm_2_a"], "KDPM2AncestralDiscreteScheduler", "dpm_2_ancestral"),
        },
        new("lms", "LMS", Deterministic, ScheduleSupport.Sigmas)
        {
            DiffusersClass = "LMSDiscrete", KDiffusion = "sample_lms", RunsFlow = true,
            Elsewhere = new(["LMS", "k_lms"], "LMSDiscreteScheduler", "lms"),
        },
        new("dpmpp_2m", "DPM++ 2M", Deterministic, ScheduleSupport.Sigmas)
        {
            DiffusersClass = "DPMSolverMultistep", Options = Multistep("dpmsolver++", 2), KDiffusion = "sample_dpmpp_2m", RunsFlow = true,
            AutomaticSchedule = "karras",
            Elsewhere = new(["DPM++ 2M", "k_dpmpp_2m"], "DPMSolverMultistepScheduler", "dpmpp_2m"),
        },
        new("dpmpp_3m", "DPM++ 3M", Deterministic, ScheduleSupport.Flags)
        {
            DiffusersClass = "DPMSolverMultistep", Options = Multistep("dpmsolver++", 3),
        },
        new("dpmpp_2m_sde", "DPM++ 2M SDE", Stochastic, ScheduleSupport.Sigmas)
        {
            DiffusersClass = "DPMSolverMultistep", Options = Multistep("sde-dpmsolver++", 2), KDiffusion = "sample_dpmpp_2m_sde",
            AutomaticSchedule = "exponential",
            Elsewhere = new(["DPM++ 2M SDE", "k_dpmpp_2m_sde"], null, "dpmpp_2m_sde"),
        },
        new("dpmpp_3m_sde", "DPM++ 3M SDE", Stochastic, ScheduleSupport.Sigmas)
        {
            DiffusersClass = "DPMSolverMultistep", Options = Multistep("sde-dpmsolver++", 3), KDiffusion = "sample_dpmpp_3m_sde",
            AutomaticSchedule = "exponential", DropsPenultimateIn = [A1111],
            Elsewhere = new(["DPM++ 3M SDE", "k_dpmpp_3m_sde"], null, "dpmpp_3m_sde"),
        },
        new("dpmpp_2s", "DPM++ 2S", Deterministic, ScheduleSupport.Flags)
        {
            DiffusersClass = "DPMSolverSinglestep",
            Elsewhere = new([], "DPMSolverSinglestepScheduler", null),
        },
        new("dpmpp_2s_ancestral", "DPM++ 2S a", Stochastic, ScheduleSupport.Sigmas)
        {
            KDiffusion = "sample_dpmpp_2s_ancestral", DefaultEta = 1, CallsPerStep = 2, AutomaticSchedule = "karras",
            Elsewhere = new(["DPM++ 2S a", "k_dpmpp_2s_a"], null, "dpmpp_2s_ancestral"),
        },
        new("dpmpp_sde", "DPM++ SDE", Stochastic, ScheduleSupport.Sigmas)
        {
            DiffusersClass = "DPMSolverSDE", KDiffusion = "sample_dpmpp_sde", CallsPerStep = 2, AutomaticSchedule = "karras",
            Elsewhere = new(["DPM++ SDE", "k_dpmpp_sde"], "DPMSolverSDEScheduler", "dpmpp_sde"),
        },
        new("ddim", "DDIM", Deterministic, ScheduleSupport.Spacing)
        {
            DiffusersClass = "DDIM", DefaultEta = 0,
            Elsewhere = new(["DDIM"], "DDIMScheduler", "ddim"),
        },
        new("ddpm", "DDPM", Stochastic, ScheduleSupport.Spacing)
        {
            DiffusersClass = "DDPM",
            Elsewhere = new([], "DDPMScheduler", "ddpm"),
        },
        new("pndm", "PLMS", Deterministic, ScheduleSupport.Spacing)
        {
            DiffusersClass = "PNDM", Options = static config => config with { SkipPrkSteps = true },
            Elsewhere = new(["PLMS", "plms"], "PNDMScheduler", null),
        },
        new("unipc", "UniPC", Deterministic, ScheduleSupport.Flags)
        {
            DiffusersClass = "UniPCMultistep", DropsPenultimateIn = [A1111, ComfyUi],
            Elsewhere = new(["UniPC"], "UniPCMultistepScheduler", "uni_pc"),
        },
        new("deis", "DEIS", Deterministic, ScheduleSupport.Flags)
        {
            DiffusersClass = "DEISMultistep",
            Elsewhere = new([], "DEISMultistepScheduler", "deis"),
        },
        new("ipndm", "iPNDM", Deterministic, ScheduleSupport.Own)
        {
            DiffusersClass = "IPNDM", MadeFor = "networks whose timesteps run from 0 to 1",
            Elsewhere = new([], "IPNDMScheduler", "ipndm"),
        },
        new("lcm", "LCM", Stochastic, ScheduleSupport.Distilled)
        {
            DiffusersClass = "LCM", KDiffusion = "sample_lcm", RunsFlow = true, IsDistilled = true, AutomaticSchedule = "lcm",
            Elsewhere = new(["LCM", "k_lcm"], "LCMScheduler", "lcm"),
        },
        new("tcd", "TCD", Deterministic, ScheduleSupport.Own)
        {
            DiffusersClass = "TCD", DefaultEta = 0, IsDistilled = true,
            Elsewhere = new([], "TCDScheduler", null),
        },
        new("edm_euler", "EDM Euler", Deterministic, ScheduleSupport.Edm)
        {
            DiffusersClass = "EDMEuler", MadeFor = Preconditioned,
            Elsewhere = new([], "EDMEulerScheduler", null),
        },
        new("edm_dpmpp_2m", "EDM DPM++ 2M", Deterministic, ScheduleSupport.Edm)
        {
            DiffusersClass = "EDMDPMSolverMultistep", MadeFor = Preconditioned,
            Elsewhere = new([], "EDMDPMSolverMultistepScheduler", null),
        },
        new("dpm_fast", "DPM fast", Deterministic, ScheduleSupport.Own)
        {
            KDiffusion = "sample_dpm_fast", DefaultEta = 0,
            Elsewhere = new(["DPM fast", "k_dpm_fast"], null, "dpm_fast"),
        },
        new("dpm_adaptive", "DPM adaptive", Deterministic, ScheduleSupport.Own)
        {
            KDiffusion = "sample_dpm_adaptive", DefaultEta = 0, IsAdaptive = true, CallsPerStep = 3,
            Elsewhere = new(["DPM adaptive", "k_dpm_ad"], null, "dpm_adaptive"),
        },
        new("restart", "Restart", Stochastic, ScheduleSupport.Sigmas)
        {
            KDiffusion = "restart", CallsPerStep = 2, AutomaticSchedule = "karras",
            Elsewhere = new(["Restart"], null, null),
        },
    ];

    /// <summary>The sampler of a native name; null for none.</summary>
    public static SamplerInfo? Find(string name) => All.FirstOrDefault(sampler => sampler.Name == name);

    /// <summary>The sampler that runs a diffusers class, with or without the suffix "Scheduler"; null where none is listed.</summary>
    public static SamplerInfo? OfClass(string className)
    {
        ArgumentNullException.ThrowIfNull(className);
        string name = className.EndsWith(Suffix, StringComparison.Ordinal) ? className[..^Suffix.Length] : className;
        return All.FirstOrDefault(sampler => sampler.DiffusersClass == name || sampler.FlowClass == name);
    }

    /// <summary>Whether a diffusers class, with or without the suffix "Scheduler", is that of a straight-path (flow matching) model.</summary>
    public static bool IsFlowClass(string className) =>
        OfClass(className) is { FlowClass: { } flow } && className.StartsWith(flow, StringComparison.Ordinal);

    private static Func<SamplerConfig, SamplerConfig> Multistep(string algorithm, int order) =>
        config => config with { AlgorithmType = algorithm, SolverOrder = order };
}
