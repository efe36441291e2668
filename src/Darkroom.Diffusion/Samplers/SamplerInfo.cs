namespace Darkroom.Diffusion.Samplers;

/// <summary>A sampler as callers know it, and what it is in the programs whose pictures it reproduces.</summary>
/// <param name="Name">The native API's name.</param>
/// <param name="Title">The name people know, AUTOMATIC1111's where it has one.</param>
/// <param name="Kind">Whether noise is drawn on the way.</param>
/// <param name="DiffusersClass">diffusers' class; null where it has none and k-diffusion's rule is used.</param>
/// <param name="KDiffusion">k-diffusion's function, for A1111 and ComfyUI compatibility; null where there is none.</param>
/// <param name="Schedules">Which schedules mean something with it.</param>
/// <param name="Aliases">What A1111, diffusers and ComfyUI call it.</param>
public sealed record SamplerInfo(
    string Name, string Title, SamplerKind Kind, string? DiffusersClass, string? KDiffusion, ScheduleSupport Schedules, IReadOnlyList<string> Aliases)
{
    /// <summary>Options laid over the model's own configuration.</summary>
    public Func<SamplerConfig, SamplerConfig> Options { get; init; } = static config => config;

    /// <summary>Which networks alone it is made for, where others give noise; null: any.</summary>
    public string? MadeFor { get; init; }

    /// <summary>Share of fresh noise where a request does not say; null: the rule takes none.</summary>
    public double? DefaultEta { get; init; }
}

public enum SamplerKind
{
    /// <summary>The starting noise decides the picture.</summary>
    Deterministic,

    /// <summary>Fresh noise is drawn at the steps.</summary>
    Stochastic,
}

/// <summary>Which schedules a sampler can follow.</summary>
public enum ScheduleSupport
{
    /// <summary>It runs on timesteps: only the spacing can change (<c>default</c>, <c>simple</c>, <c>sgm_uniform</c>).</summary>
    Spacing,

    /// <summary>It runs on noise levels, by diffusers' own rules alone: the spacings, <c>karras</c>, <c>exponential</c>, <c>beta</c>.</summary>
    Flags,

    /// <summary>It runs on noise levels: every rule.</summary>
    Sigmas,

    /// <summary>Levels of its own: <c>default</c>, <c>karras</c>, <c>exponential</c>.</summary>
    Edm,

    /// <summary>It chooses its levels while it runs, or has one table: <c>default</c>.</summary>
    Own,
}
