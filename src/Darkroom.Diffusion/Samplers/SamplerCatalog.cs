using static Darkroom.Diffusion.Samplers.SamplerKind;

namespace Darkroom.Diffusion.Samplers;

/// <summary>Every sampler of the native API, in the order that lists show them.</summary>
public static class SamplerCatalog
{
    public static IReadOnlyList<SamplerInfo> All { get; } =
    [
        new("euler", "Euler", Deterministic, "EulerDiscrete", "sample_euler", ScheduleSupport.Sigmas, ["k_euler", "EulerDiscreteScheduler"]),
        new("euler_ancestral", "Euler a", Stochastic, "EulerAncestralDiscrete", "sample_euler_ancestral", ScheduleSupport.Sigmas,
            ["k_euler_a", "k_euler_ancestral", "EulerAncestralDiscreteScheduler"]) { DefaultEta = 1 },
        new("heun", "Heun", Deterministic, "HeunDiscrete", "sample_heun", ScheduleSupport.Sigmas, ["k_heun", "HeunDiscreteScheduler"]),
        new("dpm_2", "DPM2", Deterministic, "KDPM2Discrete", "sample_dpm_2", ScheduleSupport.Sigmas, ["k_dpm_2", "KDPM2DiscreteScheduler"]),
        new("dpm_2_ancestral", "DPM2 a", Stochastic, "KDPM2AncestralDiscrete", "sample_dpm_2_ancestral", ScheduleSupport.Sigmas,
            ["k_dpm_2_a", "KDPM2AncestralDiscreteScheduler"]) { DefaultEta = 1 },
        new("lms", "LMS", Deterministic, "LMSDiscrete", "sample_lms", ScheduleSupport.Sigmas, ["k_lms", "LMSDiscreteScheduler"]),
        new("dpmpp_2m", "DPM++ 2M", Deterministic, "DPMSolverMultistep", "sample_dpmpp_2m", ScheduleSupport.Sigmas,
            ["k_dpmpp_2m", "DPMSolverMultistepScheduler"]) { Options = Multistep("dpmsolver++", 2) },
        new("dpmpp_3m", "DPM++ 3M", Deterministic, "DPMSolverMultistep", null, ScheduleSupport.Flags, []) { Options = Multistep("dpmsolver++", 3) },
        new("dpmpp_2m_sde", "DPM++ 2M SDE", Stochastic, "DPMSolverMultistep", "sample_dpmpp_2m_sde", ScheduleSupport.Sigmas, ["k_dpmpp_2m_sde"])
            { Options = Multistep("sde-dpmsolver++", 2) },
        new("dpmpp_3m_sde", "DPM++ 3M SDE", Stochastic, "DPMSolverMultistep", "sample_dpmpp_3m_sde", ScheduleSupport.Sigmas, ["k_dpmpp_3m_sde"])
            { Options = Multistep("sde-dpmsolver++", 3) },
        new("dpmpp_2s", "DPM++ 2S", Deterministic, "DPMSolverSinglestep", null, ScheduleSupport.Flags, ["DPMSolverSinglestepScheduler"]),
        new("dpmpp_2s_ancestral", "DPM++ 2S a", Stochastic, null, "sample_dpmpp_2s_ancestral", ScheduleSupport.Sigmas, ["k_dpmpp_2s_a"])
            { DefaultEta = 1 },
        new("dpmpp_sde", "DPM++ SDE", Stochastic, "DPMSolverSDE", "sample_dpmpp_sde", ScheduleSupport.Sigmas, ["k_dpmpp_sde", "DPMSolverSDEScheduler"]),
        new("ddim", "DDIM", Deterministic, "DDIM", null, ScheduleSupport.Spacing, ["DDIMScheduler"]) { DefaultEta = 0 },
        new("ddpm", "DDPM", Stochastic, "DDPM", null, ScheduleSupport.Spacing, ["DDPMScheduler"]),
        new("pndm", "PLMS", Deterministic, "PNDM", null, ScheduleSupport.Spacing, ["plms", "PNDMScheduler"])
            { Options = static config => config with { SkipPrkSteps = true } },
        new("unipc", "UniPC", Deterministic, "UniPCMultistep", null, ScheduleSupport.Flags, ["uni_pc", "UniPCMultistepScheduler"]),
        new("deis", "DEIS", Deterministic, "DEISMultistep", null, ScheduleSupport.Flags, ["DEISMultistepScheduler"]),
        new("ipndm", "iPNDM", Deterministic, "IPNDM", null, ScheduleSupport.Own, ["IPNDMScheduler"]) { MadeFor = "networks whose timesteps run from 0 to 1" },
        new("lcm", "LCM", Stochastic, "LCM", "sample_lcm", ScheduleSupport.Own, ["LCMScheduler"]),
        new("tcd", "TCD", Deterministic, "TCD", null, ScheduleSupport.Own, ["TCDScheduler"]) { DefaultEta = 0 },
        new("edm_euler", "EDM Euler", Deterministic, "EDMEuler", null, ScheduleSupport.Edm, ["EDMEulerScheduler"]) { MadeFor = "networks with EDM preconditioning" },
        new("edm_dpmpp_2m", "EDM DPM++ 2M", Deterministic, "EDMDPMSolverMultistep", null, ScheduleSupport.Edm, ["EDMDPMSolverMultistepScheduler"])
            { MadeFor = "networks with EDM preconditioning" },
        new("dpm_fast", "DPM fast", Deterministic, null, "sample_dpm_fast", ScheduleSupport.Own, ["k_dpm_fast"]) { DefaultEta = 0 },
        new("dpm_adaptive", "DPM adaptive", Deterministic, null, "sample_dpm_adaptive", ScheduleSupport.Own, ["k_dpm_ad"]) { DefaultEta = 0 },
        new("restart", "Restart", Stochastic, null, "restart", ScheduleSupport.Sigmas, []),
    ];

    /// <summary>The sampler of a native name; null for none.</summary>
    public static SamplerInfo? Find(string name) => All.FirstOrDefault(sampler => sampler.Name == name);

    /// <summary>The sampler that runs a diffusers class, with or without the suffix "Scheduler"; null where none is listed.</summary>
    public static SamplerInfo? OfClass(string className)
    {
        ArgumentNullException.ThrowIfNull(className);
        string name = className.EndsWith("Scheduler", StringComparison.Ordinal) ? className[..^"Scheduler".Length] : className;
        return All.FirstOrDefault(sampler => sampler.DiffusersClass == name);
    }

    private static Func<SamplerConfig, SamplerConfig> Multistep(string algorithm, int order) =>
        config => config with { AlgorithmType = algorithm, SolverOrder = order };
}
