using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Families.Previews;
using Darkroom.Models.Families.Textless;
using Darkroom.Models.Families.UNets;
using Darkroom.Models.Fields;
using Darkroom.Models.Graphs;
using Darkroom.Models.Networks.Shapes;
using Darkroom.Models.Networks.Transformers;
using Darkroom.Models.Residency;

namespace Darkroom.Models.Families.ClassTransformers;

/// <summary>DiT (Peebles and Xie 2022): a transformer over latents that is given the number of a class in place of a text.</summary>
/// <param name="proofs">What was found out about graphs before.</param>
internal sealed class ClassTransformerFamily(ProofFile? proofs) : IModelFamily
{
    /// <summary>Steps and scale are those of diffusers' pipeline, which has no other task and keeps the scale of the network's input.</summary>
    private static readonly UNetTraits Traits = new()
    {
        Layout = new([], "transformer"),
        ScalingFactor = 0.18215,
        NativeSize = 256,
        Levels = 2,
        Finest = new(16, 288) { AttentionLevel = 1 },
        ReadDenoiser = static (place, _, faults) => ClassTransformerConfig.Read(place.Root, faults),
        WriteDenoiser = static (place, network, faults) => DiTShapeFile.Read(place.Root, faults) is { } shape ? DiT.Write(shape, network) : null,
        Tasks = ["txt2img"],
        LatentsAreInputs = true,
        LeavesOutTextLayers = false,
        Defaults = new(new Dictionary<FieldInfo, object> { [FieldTable.Steps] = 50L, [FieldTable.GuidanceScale] = 4.0 }),
        ExtraFields = [FieldTable.ClassLabel.Name],
    };

    private readonly ProofFile proofs = proofs ?? new ProofFile();

    public string Name => "dit";

    FolderLayout IModelFamily.Layout => Traits.Layout;

    bool IModelFamily.Recognises(PipelineIndex index) => index.Pipeline == "DiTPipeline";

    ModelDescription IModelFamily.Describe(FolderContents folder) => UNetFolder.Describe(folder, Traits);

    public Task<IDiffusionModel> LoadAsync(string path, ModelDescription description, string contentHash, DeviceMemory memory) => TextlessModel.OpenAsync(
        new UNetParts(ModelPlace.At(path), description, Traits, memory, settings => new EditedGraphs(settings, proofs, contentHash)), description, contentHash,
        () => DecoderPreview.Of(path, description, memory.Sessions.Telemetry));
}
