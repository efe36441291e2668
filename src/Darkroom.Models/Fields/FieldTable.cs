namespace Darkroom.Models.Fields;

/// <summary>Every field of the native API. A new one is a row here, a line in the server's binding of fields, and a property of the request.</summary>
public static partial class FieldTable
{
    /// <summary>All rows, in the order that documents and answers show them.</summary>
    public static IReadOnlyList<FieldInfo> All => Rows.All;

    /// <summary>The rows of one task, in that order.</summary>
    public static IEnumerable<FieldInfo> Of(FieldTasks task) => All.Where(row => row.Tasks.HasFlag(task));

    /// <summary>The row by which <c>darkroom.json</c> sets a default; null for a name that cannot have one.</summary>
    public static FieldInfo? Default(string name) => All.FirstOrDefault(row => row.Name == name && row.ModelSets);

    // Made when first asked for: the rows of the other files of this class are there by then.
    private static class Rows
    {
        public static readonly IReadOnlyList<FieldInfo> All =
        [
            Image, UpscaleImage, LookImage, Prompt, DenoisePrompt, NegativePrompt, Model, Width, Height, EditWidth, EditHeight,
            Steps, GuidanceScale, GuidanceRescale, GuidanceInterval, Sampler, Schedule, Eta, SChurn, STmin, STmax, SNoise, Seed,
            VariationSeed, VariationStrength, SeedResize, NoiseSeedOffset, Count, NoiseSource, ClipSkip, PromptStyle, Compatibility,
            UpscaleModel, Scale, Tile, Overlap, Format, Quality, BitDepth, Metadata, UpscaleMetadata, Upscale, Return, Priority, Deadline, Webhook,
            PreviewEvery,
            Prompt2, NegativePrompt2, OriginalSize, TargetSize, Crop, NegativeOriginalSize, NegativeTargetSize, NegativeCrop,
            MaxTextTokens, TrueGuidanceScale, Shift, ImageGuidanceScale, ClassLabel, Controls, Loras, Embeddings, Vae, VaeHash, ModelHash, Hires, Tiling, Cache,
            Explain,
            Strength, AllSteps, NoiseMultiplier, ResizeMode, Mask, MaskMode, MaskBlur, MaskGrow, Fill, Area, Padding, OutpaintStrength, Left, Right,
            Up, Down, Feather,
            RemovedNoise, RemovedShare, DenoiseSteps, Candidates, Trials, Timesteps, LikelihoodSteps, Probes, Timestep, Layers,
        ];
    }
}
