using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules;
using Darkroom.Server.Generation;
using Darkroom.Server.Wire;

namespace Darkroom.Server.Native.Contracts;

/// <summary>The samplers there are.</summary>
/// <param name="Data">Each by its name.</param>
public sealed record SamplerList(IReadOnlyList<SamplerEntry> Data)
{
    /// <summary>What this is, as OpenAI's lists say it.</summary>
    [WireValue("list")]
    public string Object => "list";
}

/// <summary>One sampler.</summary>
/// <param name="Name">What requests call it.</param>
/// <param name="Title">The name people know.</param>
/// <param name="Aliases">What A1111, diffusers and ComfyUI call it.</param>
/// <param name="Kind"><c>deterministic</c> or <c>stochastic</c>: whether noise is drawn on the way.</param>
/// <param name="Schedules">The schedules that have a meaning with it.</param>
/// <param name="DefaultEta">Share of fresh noise where a request does not say; absent where it takes none.</param>
public sealed record SamplerEntry(
    [property: WireName("Sampler")] string Name, string Title, IReadOnlyList<string> Aliases, [property: WireName("SamplerKind")] string Kind,
    [property: WireName("Schedule")] IReadOnlyList<string> Schedules, double? DefaultEta)
{
    internal static SamplerEntry Of(SamplerInfo info) =>
        new(info.Name, info.Title, info.Aliases, WireNames.Of(info.Kind), info.Schedules, info.DefaultEta);
}

/// <summary>The noise schedules there are.</summary>
/// <param name="Data">Each by its name.</param>
public sealed record ScheduleList(IReadOnlyList<ScheduleEntry> Data)
{
    /// <summary>What this is, as OpenAI's lists say it.</summary>
    [WireValue("list")]
    public string Object => "list";
}

/// <summary>One noise schedule.</summary>
/// <param name="Name">What requests call it.</param>
/// <param name="Title">The name people know.</param>
/// <param name="Aliases">What A1111, diffusers and ComfyUI call it.</param>
/// <param name="Kind"><c>spacing</c>: which timesteps; <c>sigmas</c>: which noise levels.</param>
public sealed record ScheduleEntry(
    [property: WireName("Schedule")] string Name, string Title, IReadOnlyList<string> Aliases, [property: WireName("ScheduleKind")] string Kind)
{
    internal static ScheduleEntry Of(ScheduleInfo info) => new(info.Name, info.Title, info.Aliases, info.Kind);
}
