using Darkroom.Diffusion.Schedules;
using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Families.UNets;
using Darkroom.Models.Fields;
using Darkroom.Models.Graphs;
using Darkroom.Models.Networks.Transformers;
using Darkroom.Models.Residency;
using Darkroom.Models.Text;

namespace Darkroom.Models.Families.StableDiffusion3;

/// <summary>
/// Stable Diffusion 3 and 3.5 (Esser et al. 2024): two CLIP text encoders and T5, which may be absent, a transformer trained by flow matching, an autoencoder
/// of 16 channels.
/// </summary>
/// <param name="conditioningCacheBytes">Memory for encoded texts of one model on one device.</param>
/// <param name="proofs">What was found out about graphs before.</param>
internal sealed class StableDiffusion3Family(long conditioningCacheBytes, ProofFile? proofs) : IModelFamily
{
    public const string T5 = "text_encoder_3";

    private static readonly HashSet<string> Pipelines = ["StableDiffusion3Pipeline", "StableDiffusion3Img2ImgPipeline", "StableDiffusion3InpaintPipeline"];

    /// <summary>Steps, scale and tokens are those of diffusers' pipeline.</summary>
    private static readonly UNetTraits Traits = new()
    {
        Layout = new(["text_encoder", "text_encoder_2", T5], "transformer") { Optional = [T5] },
        ScalingFactor = StableDiffusion3Latents.Known.ScalingFactor,
        NativeSize = 1024,
        Levels = 2,
        Finest = new(24, 384) { AttentionLevel = 1 },
        ReadDenoiser = static (place, _, faults) => StableDiffusion3Config.Read(place, faults),
        WriteDenoiser = static (place, network, faults) =>
            StableDiffusion3Config.ShapeOf(place, faults) is { } shape ? StableDiffusion3Transformer.Write(shape, network) : null,
        T5 = T5,
        TextTokens = 256,
        UnusedTextLayers = StableDiffusion3Model.UnusedTextLayers,
        Strength = StrengthRule.RoundsUp,
        Defaults = new(new Dictionary<FieldInfo, object> { [FieldTable.Steps] = 28L, [FieldTable.GuidanceScale] = 7.0 }),
        ExtraFields = [FieldTable.Prompt2.Name, FieldTable.NegativePrompt2.Name, FieldTable.Shift.Name, FieldTable.MaxTextTokens.Name],
    };

    private readonly ProofFile proofs = proofs ?? new ProofFile();

    public string Name => "stable-diffusion-3";

    FolderLayout IModelFamily.Layout => Traits.Layout;

    bool IModelFamily.Recognises(PipelineIndex index) => index.Pipeline is { } pipeline && Pipelines.Contains(pipeline);

    ModelDescription IModelFamily.Describe(FolderContents folder) => UNetFolder.Describe(folder, Traits);

    public async Task<IDiffusionModel> LoadAsync(string path, ModelDescription description, string contentHash, DeviceMemory memory)
    {
        var place = ModelPlace.At(path);
        var parts = new UNetParts(place, description, Traits, memory, settings => new EditedGraphs(settings, proofs, contentHash));
        try
        {
            var describing = parts.DescribeAsync(description);
            // Beside the graphs: a fresh server waits for all.
            var clips = Task.WhenAll(Traits.Layout.Tokenizers.Take(2).Select(part =>
                Task.Run(() => ClipTokenizer.Load(Path.Combine(place.Root, part), description.TokenLength))));
            var t5 = description.TextEncoders.Any(text => text.Name == T5)
                ? await Task.Run(() => T5Tokenizer.Load(Path.Combine(place.Root, FolderLayout.TokenizerOf(T5))))
                : null;
            var complete = await describing;
            return new StableDiffusion3Model(complete, contentHash, await clips, t5, parts, new ConditioningCache(conditioningCacheBytes))
            {
                Preview = StableDiffusion3Latents.Known.PreviewOf(description, place.Root, memory.Sessions.Telemetry),
            };
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }
}
