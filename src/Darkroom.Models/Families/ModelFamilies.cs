using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Families.ClassTransformers;
using Darkroom.Models.Families.Flux;
using Darkroom.Models.Families.InstructPix2Pix;
using Darkroom.Models.Families.LatentConsistency;
using Darkroom.Models.Families.PixelDiffusion;
using Darkroom.Models.Families.StableDiffusion;
using Darkroom.Models.Families.StableDiffusion3;
using Darkroom.Models.Families.StableDiffusionXl;
using Darkroom.Models.Graphs;

namespace Darkroom.Models.Families;

/// <summary>The families that this server knows. A new one is a folder beside the others and a line here.</summary>
public static class ModelFamilies
{
    /// <param name="conditioningCacheBytes">Memory for encoded texts of one model on one device.</param>
    /// <param name="proofs">What was found out about graphs before; null: nothing, and nothing is kept.</param>
    public static IReadOnlyList<IModelFamily> Create(long conditioningCacheBytes, ProofFile? proofs = null) =>
    [
        new StableDiffusionFamily(conditioningCacheBytes, proofs),
        new StableDiffusionXlFamily(conditioningCacheBytes, proofs),
        new LatentConsistencyFamily(conditioningCacheBytes, proofs),
        new StableDiffusion3Family(conditioningCacheBytes, proofs),
        new FluxFamily(conditioningCacheBytes, proofs),
        new InstructPix2PixFamily(conditioningCacheBytes, proofs),
        new ClassTransformerFamily(proofs),
        new PixelDiffusionFamily(proofs),
    ];

    /// <summary>For reading folders alone.</summary>
    internal static IReadOnlyList<IModelFamily> Readers { get; } = Create(0);

    /// <summary>The family that recognises a folder; null for none.</summary>
    internal static IModelFamily? Of(PipelineIndex index) => Readers.FirstOrDefault(family => family.Recognises(index));
}
