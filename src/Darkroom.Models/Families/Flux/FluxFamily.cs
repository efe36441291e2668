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

namespace Darkroom.Models.Families.Flux;

/// <summary>
/// FLUX.1 of Black Forest Labs, dev and schnell: CLIP for a vector, T5 for the text, a transformer trained by flow matching over patches of latents, an
/// autoencoder of 16 channels. dev was distilled from guided answers and takes the scale as an input; schnell takes none.
/// </summary>
/// <param name="conditioningCacheBytes">Memory for encoded texts of one model on one device.</param>
/// <param name="proofs">What was found out about graphs before.</param>
internal sealed class FluxFamily(long conditioningCacheBytes, ProofFile? proofs) : IModelFamily
{
    public const string T5 = "text_encoder_2";

    private static readonly HashSet<string> Pipelines = ["FluxPipeline", "FluxImg2ImgPipeline", "FluxInpaintPipeline"];

    /// <summary>Steps, scale and tokens are those of diffusers' pipeline.</summary>
    private static readonly UNetTraits Traits = new()
    {
        Layout = new(["text_encoder", T5], "transformer"),
        ScalingFactor = FluxLatents.Known.ScalingFactor,
        NativeSize = 1024,
        Levels = 2,
        Finest = new(24, 768) { AttentionLevel = 1 },
        ReadDenoiser = static (place, _, faults) => FluxConfig.Read(place, faults),
        WriteDenoiser = static (place, network, faults) => FluxConfig.ShapeOf(place, faults) is { } shape ? FluxTransformer.Write(shape, network) : null,
        T5 = T5,
        TextTokens = 512,
        PooledOutput = "pooler_output",
        LeavesOutTextLayers = false,
        Guidance = (FluxModel.Guidance, "guidance_embeds"),
        TimestepScale = 1.0 / 1000,
        SpreadsLevelsEvenly = true,
        Strength = StrengthRule.RoundsUp,
        Defaults = new(new Dictionary<FieldInfo, object> { [FieldTable.Steps] = 28L, [FieldTable.GuidanceScale] = 3.5 }),
        ExtraFields =
        [
            FieldTable.Prompt2.Name, FieldTable.NegativePrompt2.Name, FieldTable.Shift.Name, FieldTable.MaxTextTokens.Name, FieldTable.TrueGuidanceScale.Name,
        ],
    };

    private readonly ProofFile proofs = proofs ?? new ProofFile();

    public string Name => "flux";

    FolderLayout IModelFamily.Layout => Traits.Layout;

    bool IModelFamily.Recognises(PipelineIndex index) => index.Pipeline is { } pipeline && Pipelines.Contains(pipeline);

    /// <summary>Guidance is none of a second lane's in either: schnell was distilled from guided answers at one scale.</summary>
    ModelDescription IModelFamily.Describe(FolderContents folder)
    {
        var model = UNetFolder.Describe(folder, Traits);
        return model with { Capabilities = model.Capabilities with { EmbedsGuidance = true, IgnoresGuidance = !model.Capabilities.EmbedsGuidance } };
    }

    public async Task<IDiffusionModel> LoadAsync(string path, ModelDescription description, string contentHash, DeviceMemory memory)
    {
        var place = ModelPlace.At(path);
        var parts = new UNetParts(place, description, Traits, memory, settings => new EditedGraphs(settings, proofs, contentHash));
        try
        {
            var describing = parts.DescribeAsync(description);
            // Beside the graphs: a fresh server waits for all.
            var clip = Task.Run(() =>
                ClipTokenizer.Load(Path.Combine(place.Root, FolderLayout.TokenizerOf(Traits.Layout.TextEncoders[0])), description.TokenLength));
            var t5 = Task.Run(() => T5Tokenizer.Load(Path.Combine(place.Root, FolderLayout.TokenizerOf(T5))));
            var complete = await describing;
            return new FluxModel(complete, contentHash, await clip, await t5, parts, new ConditioningCache(conditioningCacheBytes))
            {
                Preview = FluxLatents.Known.PreviewOf(description, place.Root, memory.Sessions.Telemetry),
            };
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }
}
