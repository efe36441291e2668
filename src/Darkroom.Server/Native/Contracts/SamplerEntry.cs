using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules;
using Darkroom.Server.Generation;

namespace Darkroom.Server.Native.Contracts;

public sealed record SamplerList(IReadOnlyList<SamplerEntry> Data)
{
    public string Object => "list";
}

/// <param name="Title">The name people know.</param>
/// <param name="Aliases">What A1111, diffusers and ComfyUI call it.</param>
/// <param name="Kind"><c>deterministic</c> or <c>stochastic</c>: whether noise is drawn on the way.</param>
/// <param name="Schedules">The schedules that have a meaning with it.</param>
/// <param name="DefaultEta">Share of fresh noise where a request does not say; absent where it takes none.</param>
public sealed record SamplerEntry(string Name, string Title, IReadOnlyList<string> Aliases, string Kind, IReadOnlyList<string> Schedules, double? DefaultEta)
{
    internal static SamplerEntry Of(SamplerInfo info) =>
        new(info.Name, info.Title, info.Aliases, WireNames.Of(info.Kind), info.Schedules, info.DefaultEta);
}

public sealed record ScheduleList(IReadOnlyList<ScheduleEntry> Data)
{
    public string Object => "list";
}

/// <param name="Title">The name people know.</param>
/// <param name="Aliases">What A1111, diffusers and ComfyUI call it.</param>
/// <param name="Kind"><c>spacing</c>: which timesteps; <c>sigmas</c>: which noise levels.</param>
public sealed record ScheduleEntry(string Name, string Title, IReadOnlyList<string> Aliases, string Kind)
{
    internal static ScheduleEntry Of(ScheduleInfo info) => new(info.Name, info.Title, info.Aliases, info.Kind);
}
