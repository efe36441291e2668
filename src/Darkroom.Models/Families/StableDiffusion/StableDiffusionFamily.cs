using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Families.UNets;
using Darkroom.Models.Graphs;
using Darkroom.Models.Residency;

namespace Darkroom.Models.Families.StableDiffusion;

/// <summary>Stable Diffusion 1.x and 2.x, and whatever has their parts: one CLIP text encoder, a U-Net with cross attention, an autoencoder.</summary>
/// <param name="conditioningCacheBytes">Memory for encoded texts of one model on one device.</param>
/// <param name="proofs">What was found out about graphs before; null: nothing, and nothing is kept beyond this object.</param>
public sealed class StableDiffusionFamily(long conditioningCacheBytes, ProofFile? proofs = null) : IModelFamily
{
    private static readonly HashSet<string> Pipelines =
    [
        "StableDiffusionPipeline", "StableDiffusionImg2ImgPipeline", "StableDiffusionInpaintPipeline", "StableDiffusionInpaintPipelineLegacy",
    ];

    /// <summary>What is unsaid is as in Stable Diffusion 1, whose old exports have no configurations.</summary>
    internal static UNetTraits Traits { get; } = new()
    {
        Layout = new(["text_encoder"], "unet"),
        ScalingFactor = StableDiffusionLatents.Known.ScalingFactor,
        NativeSize = 512,
        Levels = 4,
        Finest = new(8, 320),
        NormalisesText = true,
        TakesControls = true,
    };

    private readonly ProofFile proofs = proofs ?? new ProofFile();

    public string Name => "stable-diffusion";

    FolderLayout IModelFamily.Layout => Traits.Layout;

    bool IModelFamily.Recognises(PipelineIndex index) => index.Pipeline is { } pipeline ? Pipelines.Contains(pipeline)
        : index.Present.IsSupersetOf(["unet", "text_encoder"]) && !index.Present.Contains("text_encoder_2") && index.Present.Overlaps(["vae", "vae_decoder"]);

    ModelDescription IModelFamily.Describe(FolderContents folder)
    {
        foreach (string part in (string[])["text_encoder_2", "text_encoder_3", "transformer", "controlnet"])
            if (folder.Index.Present.Contains(part))
                folder.Faults.Add(PipelineIndex.Name, $"{part}: a part that a Stable Diffusion model with one text encoder does not have");
        return UNetFolder.Describe(folder, Traits);
    }

    public Task<IDiffusionModel> LoadAsync(string path, ModelDescription description, string contentHash, DeviceMemory memory)
    {
        ArgumentNullException.ThrowIfNull(description);
        return StableDiffusionModel.OpenAsync(path, description, contentHash, Traits, memory, proofs, conditioningCacheBytes);
    }
}
