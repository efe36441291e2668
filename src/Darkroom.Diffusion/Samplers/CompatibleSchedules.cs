using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Schedules.KDiffusion;

namespace Darkroom.Diffusion.Samplers;

/// <summary>Which schedules a sampler follows in the programs whose pictures are reproduced.</summary>
internal static class CompatibleSchedules
{
    /// <summary>A1111's menu; <c>linear_quadratic</c> is ComfyUI's alone, and <c>lcm</c> belongs to one sampler.</summary>
    private static readonly string[] A1111 = [.. ScheduleCatalog.All.Select(one => one.Name).Where(name => name is not ("linear_quadratic" or "lcm"))];

    private static readonly string[] ComfyUi = [.. ScheduleCatalog.All.Select(one => one.Name).Where(name => name != "lcm")];

    /// <summary>ComfyUI's samplers whose rules are its own: deis, ipndm and ddpm go by its sigmas in ways that no other program does.</summary>
    private static bool IsKnown(SamplerInfo sampler) => sampler.KDiffusion is not null || sampler.Name is "ddim" or "unipc";

    /// <summary>Names of the schedule catalog, in list order; none where the program has no such sampler.</summary>
    public static IReadOnlyList<string> Of(SamplerInfo sampler, SigmaConvention convention) => convention switch
    {
        SigmaConvention.A1111 when sampler.Elsewhere.Automatic1111.Count == 0 => [],
        SigmaConvention.A1111 when sampler.IsDistilled => [ScheduleCatalog.Default, "lcm"],
        SigmaConvention.A1111 => sampler.KDiffusion is null ? [ScheduleCatalog.Default] : A1111,
        _ => sampler.Elsewhere.ComfyUi is null || !IsKnown(sampler) ? [] : ComfyUi,
    };
}
