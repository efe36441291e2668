using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Families.Previews;
using Darkroom.Models.Families.Textless;
using Darkroom.Models.Families.UNets;
using Darkroom.Models.Fields;
using Darkroom.Models.Graphs;
using Darkroom.Models.Networks.Shapes;
using Darkroom.Models.Networks.UNets;
using Darkroom.Models.Residency;

namespace Darkroom.Models.Families.PixelDiffusion;

/// <summary>DDPM and DDIM (Ho et al. 2020; Song et al. 2020): a U-Net over pixels that was trained on pictures alone, and draws more of their kind.</summary>
/// <param name="proofs">What was found out about graphs before.</param>
internal sealed class PixelDiffusionFamily(ProofFile? proofs) : IModelFamily
{
    private const string Ddim = "DDIMPipeline";

    private static readonly HashSet<string> Pipelines = ["DDPMPipeline", Ddim];

    private static readonly UNetTraits Traits = new()
    {
        Layout = new([], "unet") { HasAutoencoder = false },
        ScalingFactor = 1,
        NativeSize = 32,
        Levels = 4,
        Finest = new(0, 128),
        WriteDenoiser = static (place, network, faults) =>
            PictureUNetShapeFile.Read(place.Root, faults) is { } shape ? PictureUNet.Write(shape, network) : null,
        Tasks = ["txt2img", "img2img"],
        IgnoresGuidance = true,
        LeavesOutTextLayers = false,
        Defaults = new(new Dictionary<FieldInfo, object> { [FieldTable.Steps] = 50L, [FieldTable.GuidanceScale] = 1.0 }),
    };

    private readonly ProofFile proofs = proofs ?? new ProofFile();

    public string Name => "ddpm";

    FolderLayout IModelFamily.Layout => Traits.Layout;

    bool IModelFamily.Recognises(PipelineIndex index) => index.Pipeline is { } pipeline && Pipelines.Contains(pipeline);

    /// <summary>diffusers' DDIM pipeline runs DDIM whatever the folder was trained with.</summary>
    ModelDescription IModelFamily.Describe(FolderContents folder)
    {
        var model = UNetFolder.Describe(folder, Traits);
        if (model.PictureChannels > AutoencoderConfig.MaxPictureChannels)
            folder.Faults.Add(
                UNetConfig.Name, $"in_channels: {model.PictureChannels} channels of a picture, at most {AutoencoderConfig.MaxPictureChannels} are possible");
        return folder.Index.Pipeline == Ddim ? model with { SamplerClass = "DDIMScheduler" } : model;
    }

    public Task<IDiffusionModel> LoadAsync(string path, ModelDescription description, string contentHash, DeviceMemory memory) => TextlessModel.OpenAsync(
        new UNetParts(ModelPlace.At(path), description, Traits, memory, settings => new EditedGraphs(settings, proofs, contentHash)), description, contentHash,
        () => LookAt(description.PictureChannels));

    /// <summary>A pixel of a pixel model is its own preview: its colours, or the first of other channels as a grey.</summary>
    private static LinearPreview LookAt(int channels) => new(channels == 3
        ? [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        : [.. Enumerable.Range(0, channels).Select(static channel => new float[] { channel == 0 ? 1 : 0 })]);
}
