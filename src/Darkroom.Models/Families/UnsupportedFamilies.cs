using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Files;

namespace Darkroom.Models.Families;

/// <summary>Families that are known by name and cannot be run, by the start of their pipelines' classes.</summary>
internal static class UnsupportedFamilies
{
    // In order: the first that fits decides.
    private static readonly (string Prefix, string Family)[] Prefixes =
    [
        ("StableDiffusionXL", "stable-diffusion-xl"), // ControlNets and editing by instruction
        ("StableDiffusion3", "stable-diffusion-3"),
        ("StableDiffusionControlNet", "controlnet"),
        ("StableDiffusionUpscale", "stable-diffusion-upscale"),
        ("StableDiffusionLatentUpscale", "stable-diffusion-upscale"),
        ("StableDiffusionDepth2Img", "stable-diffusion-depth"),
        ("Flux", "flux"),
        ("Sana", "sana"),
        ("PixArt", "pixart"),
    ];

    /// <summary>Adds the fault of a folder that no family recognises.</summary>
    /// <returns>The family's name; null where it is not known at all.</returns>
    public static string? NameOf(PipelineIndex index, FaultList faults)
    {
        if (index.Pipeline is not { } pipeline)
        {
            faults.Add(PipelineIndex.Name, "_class_name is missing, and the parts are not those of a family that is known");
            return null;
        }
        string? family = Prefixes.FirstOrDefault(prefix => pipeline.StartsWith(prefix.Prefix, StringComparison.Ordinal)).Family;
        faults.Add(PipelineIndex.Name, family is null ? $"family {index.ClassName} is not supported yet"
            : $"family {family} ({index.ClassName}) is not supported yet");
        return family;
    }
}
