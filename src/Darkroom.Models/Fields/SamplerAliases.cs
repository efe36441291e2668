using System.Collections.Frozen;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules;

namespace Darkroom.Models.Fields;

/// <summary>What other programs call the samplers: AUTOMATIC1111's titles, diffusers' classes, k-diffusion's functions, ComfyUI's names.</summary>
internal static class SamplerAliases
{
    // Where samplers share a class, the first in the list has its name.
    public static readonly IReadOnlyDictionary<string, string> All = SamplerCatalog.All
        .SelectMany(sampler => NamesOf(sampler).Select(alias => (Alias: alias, sampler.Name)))
        .DistinctBy(pair => pair.Alias, StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(pair => pair.Alias, pair => pair.Name, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> NamesOf(SamplerInfo sampler) =>
    [
        sampler.Title, .. sampler.Elsewhere.Except(),
        .. new[] { sampler.DiffusersClass, sampler.FlowClass }.OfType<string>().SelectMany(type => (string[])[type, type + "Scheduler"]),
        .. sampler.KDiffusion is { } function ? (string[])[function] : [],
    ];
}

/// <summary>What other programs call the schedules.</summary>
internal static class ScheduleAliases
{
    public static readonly IReadOnlyDictionary<string, string> All = ScheduleCatalog.All
        .SelectMany(schedule => schedule.Aliases.Prepend(schedule.Title).Select(alias => (Alias: alias, schedule.Name)))
        .DistinctBy(pair => pair.Alias, StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(pair => pair.Alias, pair => pair.Name, StringComparer.OrdinalIgnoreCase);
}
