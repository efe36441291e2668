using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Families.StableDiffusion;
using Darkroom.Models.Families.UNets;
using Darkroom.Models.Fields;
using Darkroom.Models.Graphs;
using Darkroom.Models.Residency;

namespace Darkroom.Models.Families.InstructPix2Pix;

/// <summary>
/// InstructPix2Pix (Brooks et al. 2022): the parts of Stable Diffusion, with a U-Net that is shown the latents of a picture beside those it denoises, and
/// changes it as the prompt says.
/// </summary>
/// <param name="conditioningCacheBytes">Memory for encoded texts of one model on one device.</param>
/// <param name="proofs">What was found out about graphs before.</param>
internal sealed class InstructPix2PixFamily(long conditioningCacheBytes, ProofFile? proofs) : IModelFamily
{
    /// <summary>Steps and scale are those of diffusers' pipeline.</summary>
    private static readonly UNetTraits Traits = StableDiffusionFamily.Traits with
    {
        Tasks = ["img2img"],
        ShowsPicture = true,
        Defaults = new(new Dictionary<FieldInfo, object> { [FieldTable.Steps] = 100L, [FieldTable.GuidanceScale] = 7.5 }),
        ExtraFields = [FieldTable.ImageGuidanceScale.Name],
        TakesControls = false, // no pipeline of diffusers' says what its lanes without text or picture would be given
    };

    private readonly ProofFile proofs = proofs ?? new ProofFile();

    public string Name => "instruct-pix2pix";

    FolderLayout IModelFamily.Layout => Traits.Layout;

    bool IModelFamily.Recognises(PipelineIndex index) => index.Pipeline == "StableDiffusionInstructPix2PixPipeline";

    ModelDescription IModelFamily.Describe(FolderContents folder)
    {
        UNetFolder.NeedsEncoder(folder);
        return UNetFolder.Describe(folder, Traits);
    }

    public Task<IDiffusionModel> LoadAsync(string path, ModelDescription description, string contentHash, DeviceMemory memory) =>
        StableDiffusionModel.OpenAsync(path, description, contentHash, Traits, memory, proofs, conditioningCacheBytes);
}
