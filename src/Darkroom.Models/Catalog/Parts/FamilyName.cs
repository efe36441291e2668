using Darkroom.Models.Catalog.Json;

namespace Darkroom.Models.Catalog.Parts;

/// <summary>Which family a folder belongs to, by the pipeline's class (<c>Onnx</c> and <c>ORT</c> before the name are the exporters' marks) and its parts.</summary>
internal static class FamilyName
{
    public const string StableDiffusion = "stable-diffusion";

    // In order: the first prefix that fits decides.
    private static readonly (string Prefix, string Family)[] Prefixes =
    [
        ("StableDiffusionXL", "stable-diffusion-xl"),
        ("StableDiffusion3", "stable-diffusion-3"),
        ("StableDiffusionInstructPix2Pix", "instruct-pix2pix"),
        ("StableDiffusionControlNet", "controlnet"),
        ("StableDiffusionUpscale", "stable-diffusion-upscale"),
        ("StableDiffusionLatentUpscale", "stable-diffusion-upscale"),
        ("StableDiffusionDepth2Img", "stable-diffusion-depth"),
        ("LatentConsistencyModel", "latent-consistency"),
        ("Flux", "flux"),
        ("Sana", "sana"),
        ("PixArt", "pixart"),
        ("DiT", "dit"),
        ("DDPM", "ddpm"),
        ("DDIM", "ddim"),
    ];

    private static readonly HashSet<string> Supported =
    [
        "StableDiffusionPipeline", "StableDiffusionImg2ImgPipeline", "StableDiffusionInpaintPipeline", "StableDiffusionInpaintPipelineLegacy",
    ];

    /// <summary>The family; null where it is not known at all. One that cannot be run is a fault.</summary>
    public static string? Of(PipelineIndex index, FaultList faults)
    {
        string? name = Bare(index.ClassName);
        if (name is null && !LooksLikeStableDiffusion(index))
        {
            faults.Add(PipelineIndex.Name, "_class_name is missing, and the parts are not those of a family that is known");
            return null;
        }
        if (name is null || Supported.Contains(name)) return CheckParts(index, faults);
        string? family = Prefixes.FirstOrDefault(prefix => name.StartsWith(prefix.Prefix, StringComparison.Ordinal)).Family;
        faults.Add(PipelineIndex.Name, family is null ? $"family {index.ClassName} is not supported yet" : $"family {family} ({index.ClassName}) is not supported yet");
        return family;
    }

    private static string CheckParts(PipelineIndex index, FaultList faults)
    {
        foreach (string part in (string[])["text_encoder_2", "text_encoder_3", "transformer", "controlnet"])
            if (index.Present.Contains(part))
                faults.Add(PipelineIndex.Name, $"{part}: a part that a Stable Diffusion model with one text encoder does not have");
        foreach (string part in (string[])["text_encoder", "tokenizer", "unet", "vae", "vae_decoder"])
            if (index.Absent.Contains(part))
                faults.Add(PipelineIndex.Name, $"{part}: is absent ([null, null]), but pictures cannot be made without it");
        return StableDiffusion;
    }

    private static bool LooksLikeStableDiffusion(PipelineIndex index) =>
        index.Present.Contains("unet") && index.Present.Contains("text_encoder") && !index.Present.Contains("text_encoder_2")
        && (index.Present.Contains("vae") || index.Present.Contains("vae_decoder"));

    private static string? Bare(string? name)
    {
        foreach (string mark in (string[])["Onnx", "ORT"])
            if (name?.StartsWith(mark, StringComparison.Ordinal) == true)
                return name[mark.Length..];
        return name;
    }
}
