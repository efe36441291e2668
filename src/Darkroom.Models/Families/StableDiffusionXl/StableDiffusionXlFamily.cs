using Darkroom.Diffusion.Schedules.KDiffusion;
using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Families.UNets;
using Darkroom.Models.Fields;
using Darkroom.Models.Files;
using Darkroom.Models.Graphs;
using Darkroom.Models.Residency;
using Darkroom.Models.Text;

namespace Darkroom.Models.Families.StableDiffusionXl;

/// <summary>
/// Stable Diffusion XL: two CLIP text encoders, a U-Net that is also given the second one's vector for the whole text and sizes, an autoencoder.
/// </summary>
/// <param name="conditioningCacheBytes">Memory for encoded texts of one model on one device.</param>
/// <param name="proofs">What was found out about graphs before.</param>
internal sealed class StableDiffusionXlFamily(long conditioningCacheBytes, ProofFile? proofs) : IModelFamily
{
    private const string ForceZeros = "force_zeros_for_empty_prompt", Aesthetics = "requires_aesthetics_score";

    private static readonly HashSet<string> Pipelines = ["StableDiffusionXLPipeline", "StableDiffusionXLImg2ImgPipeline", "StableDiffusionXLInpaintPipeline"];

    /// <summary>The U-Net attends to the states behind the last layer but one, which have not seen the final layer norm.</summary>
    internal static UNetTraits Traits { get; } = new()
    {
        Layout = new(["text_encoder", "text_encoder_2"], "unet"),
        ScalingFactor = StableDiffusionXlLatents.Known.ScalingFactor,
        NativeSize = 1024,
        Levels = 3,
        Finest = new(10, 320) { AttentionLevel = 1 },
        AdditionEmbedding = "text_time",
        AlignYourSteps = AlignYourStepsModel.StableDiffusionXl,
        ExtraFields =
        [
            FieldTable.Prompt2.Name, FieldTable.NegativePrompt2.Name, FieldTable.OriginalSize.Name, FieldTable.TargetSize.Name, FieldTable.Crop.Name,
            FieldTable.NegativeOriginalSize.Name, FieldTable.NegativeTargetSize.Name, FieldTable.NegativeCrop.Name,
        ],
        UnusedTextLayers = StableDiffusionXlModel.UnusedTextLayers,
        TakesControls = true,
    };

    private readonly ProofFile proofs = proofs ?? new ProofFile();

    public string Name => "stable-diffusion-xl";

    FolderLayout IModelFamily.Layout => Traits.Layout;

    bool IModelFamily.Recognises(PipelineIndex index) => index.Pipeline is { } pipeline
        ? Pipelines.Contains(pipeline)
        : index.Present.IsSupersetOf(["unet", "text_encoder", "text_encoder_2"]) && index.Present.Overlaps(["vae", "vae_decoder"]);

    ModelDescription IModelFamily.Describe(FolderContents folder)
    {
        if (folder.Index.Flags.GetValueOrDefault(Aesthetics))
            folder.Faults.Add(PipelineIndex.Name, $"{Aesthetics}: a refiner, which takes an aesthetic score in place of sizes, is not supported yet");
        return UNetFolder.Describe(folder, Traits);
    }

    public async Task<IDiffusionModel> LoadAsync(string path, ModelDescription description, string contentHash, DeviceMemory memory)
    {
        var place = ModelPlace.At(path);
        // diffusers' default where the index does not say.
        bool zeros = PipelineIndex.Read(place.Root, new FaultList())?.Flags.GetValueOrDefault(ForceZeros, true) ?? true;
        var parts = new UNetParts(place, description, Traits, memory, settings => new EditedGraphs(settings, proofs, contentHash));
        try
        {
            var describing = parts.DescribeAsync(description);
            // Beside the graphs: a fresh server waits for both.
            var tokenizers = Task.WhenAll(Traits.Layout.Tokenizers.Select(part =>
                Task.Run(() => ClipTokenizer.Load(Path.Combine(place.Root, part), description.TokenLength))));
            var complete = await describing;
            var cache = new ConditioningCache(conditioningCacheBytes);
            var preview = StableDiffusionXlLatents.Known.PreviewOf(description, place.Root, memory.Sessions.Telemetry);
            return new StableDiffusionXlModel(complete, contentHash, await tokenizers, parts, cache, preview) { AbsentIsZeros = zeros };
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }
}
