using Darkroom.Diffusion.Configuration;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>The scheduler classes of diffusers by the name that a model's <c>scheduler_config.json</c> holds.</summary>
public static class DiffusersSamplers
{
    private const string Suffix = "Scheduler";

    private static readonly Dictionary<string, Func<SamplerConfig, SamplerRun, ISampler>> Table = new(StringComparer.Ordinal)
    {
        ["CosineDPMSolverMultistep"] = CosineDPMSolverMultistep.Create,
        ["DDIM"] = (config, run) => new DDIM(config, run),
        ["DDPM"] = (config, run) => new DDPM(config, run),
        ["DEISMultistep"] = DEISMultistep.Create,
        ["DPMSolverMultistep"] = DPMSolverMultistep.Create,
        ["DPMSolverSDE"] = (config, run) => new DPMSolverSDE(config, run),
        ["DPMSolverSinglestep"] = DPMSolverSinglestep.Create,
        ["EDMDPMSolverMultistep"] = EDMDPMSolverMultistep.Create,
        ["EDMEuler"] = (config, run) => new EDMEuler(config, run),
        ["EulerAncestralDiscrete"] = (config, run) => new EulerAncestralDiscrete(config, run),
        ["EulerDiscrete"] = (config, run) => new EulerDiscrete(config, run),
        ["FlowMatchEulerDiscrete"] = (config, run) => new FlowMatchEulerDiscrete(config, run),
        ["FlowMatchHeunDiscrete"] = (config, run) => new FlowMatchHeunDiscrete(config, run),
        ["FlowMatchLCM"] = (config, run) => new FlowMatchLCM(config, run),
        ["HeunDiscrete"] = (config, run) => new HeunDiscrete(config, run),
        ["IPNDM"] = (config, run) => new IPNDM(config, run),
        ["KDPM2AncestralDiscrete"] = (config, run) => new KDPM2AncestralDiscrete(config, run),
        ["KDPM2Discrete"] = (config, run) => new KDPM2Discrete(config, run),
        ["LCM"] = (config, run) => new LCM(config, run),
        ["LMSDiscrete"] = (config, run) => new LMSDiscrete(config, run),
        ["PNDM"] = (config, run) => new PNDM(config, run),
        ["SASolver"] = SASolver.Create,
        ["TCD"] = (config, run) => new TCD(config, run),
        ["UniPCMultistep"] = UniPCMultistep.Create,
    };

    /// <summary>Class names without the suffix "Scheduler", in order.</summary>
    public static IReadOnlyCollection<string> Classes { get; } = [.. Table.Keys.Order(StringComparer.Ordinal)];

    /// <param name="className">diffusers' class, with or without the suffix "Scheduler".</param>
    /// <param name="config">The model's configuration; keys that the class lacks are ignored, values it lacks are the class's defaults.</param>
    /// <param name="run">What the request asks.</param>
    /// <exception cref="NotSupportedException">The class or a combination of options is not known; the message says which are.</exception>
    public static ISampler Create(string className, SamplerConfig config, SamplerRun run)
    {
        ArgumentNullException.ThrowIfNull(className);
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(run);
        string name = className.EndsWith(Suffix, StringComparison.Ordinal) ? className[..^Suffix.Length] : className;
        return Table.TryGetValue(name, out var create)
            ? create(config, run)
            : throw new NotSupportedException($"Scheduler class '{className}' is unknown; known are {string.Join(", ", Classes)}.");
    }
}
