using Darkroom.Diffusion.Schedules;
using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Families.StableDiffusion;
using Darkroom.Models.Families.UNets;
using Darkroom.Models.Fields;
using Darkroom.Models.Graphs;
using Darkroom.Models.Residency;

namespace Darkroom.Models.Families.LatentConsistency;

/// <summary>
/// Latent consistency models (Luo et al. 2023): the parts of Stable Diffusion, with a U-Net that has the guidance scale as an input and needs a few steps.
/// </summary>
/// <param name="conditioningCacheBytes">Memory for encoded texts of one model on one device.</param>
/// <param name="proofs">What was found out about graphs before.</param>
internal sealed class LatentConsistencyFamily(long conditioningCacheBytes, ProofFile? proofs) : IModelFamily
{
    private static readonly HashSet<string> Pipelines = ["LatentConsistencyModelPipeline", "LatentConsistencyModelImg2ImgPipeline"];

    /// <summary>Steps and scale are those of diffusers' pipeline.</summary>
    private static readonly UNetTraits Traits = StableDiffusionFamily.Traits with
    {
        Strength = StrengthRule.PicksTimesteps,
        Defaults = new(new Dictionary<FieldInfo, object> { [FieldTable.Steps] = 4L, [FieldTable.GuidanceScale] = 8.5 }),
    };

    private readonly ProofFile proofs = proofs ?? new ProofFile();

    public string Name => "latent-consistency";

    FolderLayout IModelFamily.Layout => Traits.Layout;

    bool IModelFamily.Recognises(PipelineIndex index) => index.Pipeline is { } pipeline && Pipelines.Contains(pipeline);

    ModelDescription IModelFamily.Describe(FolderContents folder)
    {
        var model = UNetFolder.Describe(folder, Traits);
        if (!model.Capabilities.EmbedsGuidance)
            folder.Faults.Add(UNetConfig.Name, "time_cond_proj_dim: is missing; a latent consistency model has its guidance as an input");
        return model;
    }

    public Task<IDiffusionModel> LoadAsync(string path, ModelDescription description, string contentHash, DeviceMemory memory) =>
        StableDiffusionModel.OpenAsync(path, description, contentHash, Traits, memory, proofs, conditioningCacheBytes);
}
