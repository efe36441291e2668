using System.Text.Json.Serialization;

namespace Darkroom.Client;

/// <summary>What every task takes that paints with a diffusion model.</summary>
public abstract record GenerationRequest : PictureTaskRequest
{
    private protected GenerationRequest(GenerationTask task)
        : base(task)
    {
    }

    /// <summary>What the picture shows; at most 4,096 characters. May be empty; models that read no text need none.</summary>
    public string? Prompt { get; init; }

    /// <summary>What the picture should not show; null: none, which is not the same as an empty text.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>1…150; null: the model's.</summary>
    public int? Steps { get; init; }

    /// <summary>0…30: how strongly the prompt is followed. At most 1 means no guidance, and half the work. Null: the model's.</summary>
    public double? GuidanceScale { get; init; }

    /// <summary>0…1: pulls the guided output back to the contrast of the unguided one; null: the model's.</summary>
    public double? GuidanceRescale { get; init; }

    /// <summary>The steps that are guided; null: all.</summary>
    public GuidanceInterval? GuidanceInterval { get; init; }

    /// <summary>Calls of the denoiser that are left out; null: what the model does by itself. <see cref="StepCache.None"/> declines that.</summary>
    public StepCache? Cache { get; init; }

    /// <summary>Null: the model's.</summary>
    public SamplerName? Sampler { get; init; }

    /// <summary>Null: the sampler's own.</summary>
    public ScheduleName? Schedule { get; init; }

    /// <summary>0…1: share of fresh noise; null: the sampler's own.</summary>
    public double? Eta { get; init; }

    /// <summary>0…100: Karras' churn, noise that is added before steps, over the whole run; null: 0.</summary>
    public double? SChurn { get; init; }

    /// <summary>0…10000: the lowest noise level at which churn is added; null: 0.</summary>
    public double? STmin { get; init; }

    /// <summary>Above 0, at most 10000: the highest noise level at which churn is added; null: no bound.</summary>
    public double? STmax { get; init; }

    /// <summary>0…2: factor on the noise that a sampler draws; null: 1.</summary>
    public double? SNoise { get; init; }

    /// <summary>0…2^53−1; −1 or null: drawn by the server, and returned. Picture i has the seed + i.</summary>
    public long? Seed { get; init; }

    /// <summary>0…2^53−1, or −1: the starting noise is turned towards that of this seed.</summary>
    public long? VariationSeed { get; init; }

    /// <summary>0…1: how far it is turned; null: 0.</summary>
    public double? VariationStrength { get; init; }

    /// <summary>8…16384 a side: the starting noise as a picture of that size would have it; null: as this one.</summary>
    public PixelSize? SeedResize { get; init; }

    /// <summary>0…2^32−1: later noise comes from the seed + this; null: 0, from where the first left off.</summary>
    public long? NoiseSeedOffset { get; init; }

    /// <summary>1…8 pictures; null: 1.</summary>
    public int? Count { get; init; }

    /// <summary>Null: as the compatibility has it.</summary>
    public NoiseSource? NoiseSource { get; init; }

    /// <summary>0…11: last layers of the text encoder left out, in diffusers' numbering; null: the model's.</summary>
    public int? ClipSkip { get; init; }

    /// <summary>Null: as the compatibility has it.</summary>
    public PromptStyle? PromptStyle { get; init; }

    /// <summary>Whose pictures the request reproduces; null: diffusers'.</summary>
    public Compatibility? Compatibility { get; init; }

    /// <summary>Applied to each finished picture; null: what the model does by itself. <see cref="UpscaleStep.None"/> declines that.</summary>
    public UpscaleStep? Upscale { get; init; }

    /// <summary>0…150: steps between previews in the job's events; 0 or null: none.</summary>
    public int? PreviewEvery { get; init; }

    /// <summary>The prompt for the model's later text encoders; null: the prompt.</summary>
    [JsonPropertyName("prompt_2")]
    public string? Prompt2 { get; init; }

    /// <summary>The negative prompt for the model's later text encoders; null: the negative prompt.</summary>
    [JsonPropertyName("negative_prompt_2")]
    public string? NegativePrompt2 { get; init; }

    /// <summary>1…16384 a side: the size that the picture is to look as if it had in the training set; null: its own.</summary>
    public PixelSize? OriginalSize { get; init; }

    /// <summary>1…16384 a side: the size that the picture is to look as if it was cropped to; null: its own.</summary>
    public PixelSize? TargetSize { get; init; }

    /// <summary>0…16384: the corner from which the picture is to look as if it was cropped; null: [0, 0].</summary>
    public PixelPoint? Crop { get; init; }

    /// <summary><see cref="OriginalSize"/> for the negative prompt.</summary>
    public PixelSize? NegativeOriginalSize { get; init; }

    /// <summary><see cref="TargetSize"/> for the negative prompt.</summary>
    public PixelSize? NegativeTargetSize { get; init; }

    /// <summary><see cref="Crop"/> for the negative prompt.</summary>
    public PixelPoint? NegativeCrop { get; init; }

    /// <summary>1…512: tokens of the text that T5 reads; null: as diffusers' pipeline.</summary>
    public int? MaxTextTokens { get; init; }

    /// <summary>1…30: classifier-free guidance beside the distilled one; null: 1.</summary>
    public double? TrueGuidanceScale { get; init; }

    /// <summary>0.01…100: shift of the flow schedule; null: the model's own.</summary>
    public double? Shift { get; init; }

    /// <summary>1…4 ControlNets; null: none.</summary>
    public IReadOnlyList<ControlNetUse>? Controls { get; init; }

    /// <summary>At most 8 LoRAs, merged in this order; null: none.</summary>
    public IReadOnlyList<LoraUse>? Loras { get; init; }

    /// <summary>At most 64 textual inversions that the prompts may name; null: every one that fits, an empty list: none.</summary>
    public IReadOnlyList<EmbeddingUse>? Embeddings { get; init; }

    /// <summary>Id from <see cref="DarkroomClient.ListVaesAsync"/>: an autoencoder in place of the model's own.</summary>
    public string? Vae { get; init; }

    /// <summary>Content hash of the autoencoder, as answers give it: where it has changed since, the answer warns.</summary>
    public string? VaeHash { get; init; }
}
