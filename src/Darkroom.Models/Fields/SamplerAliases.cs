using System.Collections.Frozen;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules;

namespace Darkroom.Models.Fields;

/// <summary>What other programs call the samplers: AUTOMATIC1111's titles, diffusers' classes, k-diffusion's functions, ComfyUI's names.</summary>
internal static class SamplerAliases
{
    // Where samplers share a class, the first in the list has its name.
    public static readonly IReadOnlyDictionary<string, string> All = SamplerCatalog.All
        .SelectMany(sampler => new[] { sampler.Title, sampler.DiffusersClass, sampler.DiffusersClass + "Scheduler", sampler.KDiffusion }.Concat(sampler.Aliases)
            .OfType<string>().Select(alias => (Alias: alias, sampler.Name)))
        .Where(pair => pair.Alias != "Scheduler")
        .DistinctBy(pair => pair.Alias, StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(pair => pair.Alias, pair => pair.Name, StringComparer.OrdinalIgnoreCase);
}

/// <summary>What other programs call the schedules.</summary>
internal static class ScheduleAliases
{
    public static readonly IReadOnlyDictionary<string, string> All = ScheduleCatalog.All
        .SelectMany(schedule => schedule.Aliases.Prepend(schedule.Title).Select(alias => (Alias: alias, schedule.Name)))
        .DistinctBy(pair => pair.Alias, StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(pair => pair.Alias, pair => pair.Name, StringComparer.OrdinalIgnoreCase);
}
