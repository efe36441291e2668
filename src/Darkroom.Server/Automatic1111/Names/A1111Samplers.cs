using System.Collections.Frozen;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules;

namespace Darkroom.Server.Automatic1111.Names;

/// <summary>A schedule as AUTOMATIC1111 lists it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Label">What people see.</param>
/// <param name="Native">The native API's name.</param>
internal sealed record A1111Scheduler(string Name, string Label, string Native)
{
    public IReadOnlyList<string>? Aliases { get; init; }

    /// <summary>The exponent of its formula; -1: it has none.</summary>
    public double DefaultRho { get; init; } = -1;

    /// <summary>Whether its levels come from the model's timesteps.</summary>
    public bool NeedsModel { get; init; }

    internal IEnumerable<string> All => [Label, Name, .. Aliases ?? []];
}

/// <summary>A sampler as AUTOMATIC1111 lists it.</summary>
/// <param name="Name">What requests call it.</param>
/// <param name="Aliases">Its other names.</param>
/// <param name="Native">What runs it.</param>
internal sealed record A1111Sampler(string Name, IReadOnlyList<string> Aliases, SamplerInfo Native)
{
    /// <summary>The scheduler that "Automatic" stands for; null: the model's own levels.</summary>
    public string? Scheduler => A1111Samplers.SchedulerOf(Native.AutomaticSchedule) is { Name: not "normal" } own ? own.Name : null;
}

/// <summary>What a request's names of sampler and scheduler mean.</summary>
/// <param name="Sampler">The native name; null where none was given, or it is unknown.</param>
/// <param name="Schedule">The native name; null where neither name says anything of it.</param>
/// <param name="UnknownSampler">The name that is none, without the scheduler in it.</param>
/// <param name="UnknownScheduler">The name that is none.</param>
/// <param name="Note">What was left out, as a sentence; null: nothing.</param>
internal sealed record SamplerChoice(string? Sampler, string? Schedule, string? UnknownSampler = null, string? UnknownScheduler = null, string? Note = null);

/// <summary>The one table between the names of samplers and schedulers there and here.</summary>
internal static class A1111Samplers
{
    /// <summary>In the order of AUTOMATIC1111's list; what it does not have stands at the end under its title.</summary>
    public static IReadOnlyList<A1111Scheduler> Schedulers { get; } =
    [
        new("automatic", "Automatic", ScheduleCatalog.Default),
        new("uniform", "Uniform", "normal") { NeedsModel = true },
        new("karras", "Karras", "karras") { DefaultRho = 7 },
        new("exponential", "Exponential", "exponential"),
        new("polyexponential", "Polyexponential", "polyexponential") { DefaultRho = 1 },
        new("sgm_uniform", "SGM Uniform", "sgm_uniform") { NeedsModel = true, Aliases = ["SGMUniform"] },
        new("kl_optimal", "KL Optimal", "kl_optimal"),
        new("align_your_steps", "Align Your Steps", "align_your_steps"),
        new("simple", "Simple", "simple") { NeedsModel = true },
        new("normal", "Normal", "normal") { NeedsModel = true },
        new("ddim", "DDIM", "ddim_uniform") { NeedsModel = true, Aliases = ["ddim_uniform"] },
        new("beta", "Beta", "beta") { NeedsModel = true },
        .. ScheduleCatalog.All.Where(one => one.Name is "linear_quadratic" or "lcm").Select(one => new A1111Scheduler(one.Name, one.Title, one.Name)),
    ];

    /// <summary>Every sampler that AUTOMATIC1111 has too, by its name there; then the others by their titles.</summary>
    public static IReadOnlyList<A1111Sampler> Samplers { get; } =
    [
        .. SamplerCatalog.All.Where(one => one.Elsewhere.Automatic1111.Count > 0).Select(Of),
        .. SamplerCatalog.All.Where(one => one.Elsewhere.Automatic1111.Count == 0 && one.MadeFor is null).Select(Of),
    ];

    private static readonly FrozenDictionary<string, A1111Sampler> ByName = Samplers
        .SelectMany(one => (IEnumerable<(string, A1111Sampler)>)[(one.Name, one), (one.Native.Name, one), .. one.Aliases.Select(alias => (alias, one))])
        .DistinctBy(static pair => pair.Item1, StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(static pair => pair.Item1, static pair => pair.Item2, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, A1111Scheduler> SchedulersByName = Schedulers
        .SelectMany(one => one.All.Select(name => (name, one)))
        .DistinctBy(static pair => pair.name, StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(static pair => pair.name, static pair => pair.one, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// What two names mean. The sampler's may hold the scheduler's at its end, as before AUTOMATIC1111 1.9 ("DPM++ 2M Karras", <c>k_dpmpp_2m_ka</c>): that one
    /// counts then. A scheduler that has no part in a sampler's rule is left out, as there.
    /// </summary>
    /// <param name="sampler">Null or empty: none is named.</param>
    /// <param name="scheduler">Null or empty: none is named.</param>
    public static SamplerChoice Resolve(string? sampler, string? scheduler)
    {
        if (string.IsNullOrWhiteSpace(sampler))
            return FindScheduler(scheduler) is var (only, unknownOnly) ? new(null, only?.Native, UnknownScheduler: unknownOnly) : new(null, null);
        var (name, inName) = Split(sampler.Trim());
        var (named, unknown) = inName is null ? FindScheduler(scheduler) : (inName, null);
        if (!ByName.TryGetValue(name, out var found)) return new(null, named?.Native, name, unknown);
        var schedule = named?.Native ?? ScheduleCatalog.Default;
        if (unknown is not null || found.Native.Schedules.Contains(schedule)) return new(found.Native.Name, schedule, UnknownScheduler: unknown);
        return new(found.Native.Name, ScheduleCatalog.Default, Note: $"Scheduler '{named!.Label}' has no part in sampler '{found.Name}' and was left out.");
    }

    /// <summary>The scheduler of a native name; null for none.</summary>
    public static A1111Scheduler? SchedulerOf(string native) =>
        Schedulers.LastOrDefault(one => one.Native == native); // normal, where "Uniform" is the same

    /// <summary>The sampler of any of its names; null for none.</summary>
    public static A1111Sampler? Find(string name) => ByName.GetValueOrDefault(name);

    private static A1111Sampler Of(SamplerInfo info) => new(
        info.Elsewhere.Automatic1111.FirstOrDefault() ?? info.Title, [.. info.Elsewhere.Automatic1111.Skip(1)], info);

    private static (string Name, A1111Scheduler? Scheduler) Split(string sampler)
    {
        if (ByName.ContainsKey(sampler)) return (sampler, null);
        foreach (var scheduler in Schedulers)
            foreach (var ending in scheduler.All)
                if (sampler.EndsWith(" " + ending, StringComparison.OrdinalIgnoreCase))
                    return (sampler[..^(ending.Length + 1)].TrimEnd(), scheduler);
        return sampler.EndsWith("_ka", StringComparison.OrdinalIgnoreCase) ? (sampler[..^3], SchedulersByName["karras"]) : (sampler, null);
    }

    private static (A1111Scheduler? Found, string? Unknown) FindScheduler(string? name) =>
        string.IsNullOrWhiteSpace(name) ? (null, null)
        : SchedulersByName.TryGetValue(name.Trim(), out var found) ? (found, null)
        : (null, name);
}
