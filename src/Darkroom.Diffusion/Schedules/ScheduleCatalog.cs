namespace Darkroom.Diffusion.Schedules;

/// <summary>A schedule as callers know it.</summary>
/// <param name="Name">The native API's name.</param>
/// <param name="Title">The name people know.</param>
/// <param name="Kind"><c>spacing</c>: which timesteps; <c>sigmas</c>: which noise levels.</param>
/// <param name="Aliases">What A1111, diffusers and ComfyUI call it.</param>
public sealed record ScheduleInfo(string Name, string Title, string Kind, IReadOnlyList<string> Aliases);

/// <summary>Every schedule of the native API, in the order that lists show them.</summary>
public static class ScheduleCatalog
{
    public const string Default = "default";

    public static IReadOnlyList<ScheduleInfo> All { get; } =
    [
        new(Default, "Automatic", "sigmas", ["automatic"]),
        new("karras", "Karras", "sigmas", ["use_karras_sigmas"]),
        new("exponential", "Exponential", "sigmas", ["use_exponential_sigmas"]),
        new("polyexponential", "Polyexponential", "sigmas", []),
        new("beta", "Beta", "sigmas", ["use_beta_sigmas"]),
        new("normal", "Normal", "sigmas", ["uniform"]),
        new("simple", "Simple", "spacing", ["timestep_spacing=trailing"]),
        new("sgm_uniform", "SGM Uniform", "spacing", ["SGMUniform", "timestep_spacing=trailing"]),
        new("ddim_uniform", "DDIM", "sigmas", ["ddim"]),
        new("kl_optimal", "KL Optimal", "sigmas", []),
        new("align_your_steps", "Align Your Steps", "sigmas", ["ays"]),
        new("linear_quadratic", "Linear Quadratic", "sigmas", []),
        new("lcm", "LCM", "spacing", []),
    ];
}
