using Darkroom.Diffusion.Schedules;

namespace Darkroom.Diffusion.Samplers;

/// <summary>Which schedules a sampler can follow.</summary>
public enum ScheduleSupport
{
    /// <summary>It runs on timesteps: only the spacing can change (<c>default</c>, <c>simple</c>, <c>sgm_uniform</c>).</summary>
    Spacing,

    /// <summary>It runs on noise levels, by diffusers' own rules alone: the spacings, <c>karras</c>, <c>exponential</c>, <c>beta</c>.</summary>
    Flags,

    /// <summary>It runs on noise levels: every rule but that of distilled models.</summary>
    Sigmas,

    /// <summary>Levels of its own: <c>default</c>, <c>karras</c>, <c>exponential</c>.</summary>
    Edm,

    /// <summary>One table, that of the distilled teacher: <c>default</c>, <c>lcm</c>.</summary>
    Distilled,

    /// <summary>It chooses its levels while it runs, or has one table: <c>default</c>.</summary>
    Own,
}

internal static class ScheduleSupportNames
{
    private static readonly string[] Sigmas = [.. ScheduleCatalog.All.Select(schedule => schedule.Name).Where(name => name != "lcm")];

    /// <summary>Names of the schedule catalog, in list order.</summary>
    public static IReadOnlyList<string> Schedules(this ScheduleSupport support) => support switch
    {
        ScheduleSupport.Sigmas => Sigmas,
        ScheduleSupport.Flags => [ScheduleCatalog.Default, "karras", "exponential", "beta", "simple", "sgm_uniform"],
        ScheduleSupport.Spacing => [ScheduleCatalog.Default, "simple", "sgm_uniform"],
        ScheduleSupport.Edm => [ScheduleCatalog.Default, "karras", "exponential"],
        ScheduleSupport.Distilled => [ScheduleCatalog.Default, "lcm"],
        _ => [ScheduleCatalog.Default],
    };
}
