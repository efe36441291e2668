using Darkroom.Diffusion.Measuring;

namespace Darkroom.Models.Families.UNets;

/// <summary>What a model can be asked of a picture beyond making others: names of tasks, as paths have them.</summary>
internal static class MeasuringTasks
{
    /// <param name="takesPictures">Whether it has an encoder, or works on pixels.</param>
    /// <param name="isPlain">Whether its network sees noised latents alone: no mask, and no picture beside them.</param>
    /// <param name="hasCandidates">Whether it reads texts or classes.</param>
    /// <param name="samplerClass">diffusers' class of its configuration.</param>
    public static IReadOnlyList<string> Of(bool takesPictures, bool isPlain, bool hasCandidates, string samplerClass) =>
        !takesPictures || !isPlain || !TrainingLevels.AreKnown(samplerClass) ? []
        : hasCandidates ? ["denoise", "classify", "likelihood", "features"] : ["denoise", "likelihood", "features"];
}
