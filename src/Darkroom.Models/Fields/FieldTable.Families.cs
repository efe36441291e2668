namespace Darkroom.Models.Fields;

/// <summary>The fields that only some models take, and those that are planned.</summary>
public static partial class FieldTable
{
    public static readonly FieldInfo Prompt2 = new("prompt_2", new TextType(PromptCharacters), FieldTasks.Generations,
        "The prompt for the model's later text encoders.")
        { IsPrivate = true, NeedsCapability = true, DefaultText = "the prompt", Option = "--prompt-2" };

    public static readonly FieldInfo NegativePrompt2 = new("negative_prompt_2", new TextType(PromptCharacters), FieldTasks.Generations,
        "The negative prompt for the model's later text encoders.")
        { IsPrivate = true, NeedsCapability = true, ModelSets = true, DefaultText = "the negative prompt", Option = "--negative-2" };

    public static readonly FieldInfo OriginalSize = Pair("original_size", 1,
        "[width, height] that the picture is to look as if it had in the training set.", "the picture's own size");

    public static readonly FieldInfo TargetSize = Pair("target_size", 1,
        "[width, height] that the picture is to look as if it was cropped to.", "the picture's own size");

    public static readonly FieldInfo Crop = Pair("crop", 0, "[x, y]: the corner from which the picture is to look as if it was cropped.", "[0, 0]");

    public static readonly FieldInfo NegativeOriginalSize = Pair("negative_original_size", 1, "original_size for the negative prompt.", "as diffusers'");

    public static readonly FieldInfo NegativeTargetSize = Pair("negative_target_size", 1, "target_size for the negative prompt.", "as diffusers'");

    public static readonly FieldInfo NegativeCrop = Pair("negative_crop", 0, "crop for the negative prompt.", "[0, 0]");

    public static readonly FieldInfo MaxTextTokens = new("max_text_tokens", new WholeType(1, 512), FieldTasks.Generations,
        "Tokens of the text that T5 reads; what is longer is cut.")
        { NeedsCapability = true, ModelSets = true, DefaultText = "as diffusers' pipeline of the family: 256 or 512", Option = "--max-text-tokens" };

    public static readonly FieldInfo TrueGuidanceScale = new("true_guidance_scale", new NumberType(1, 30), FieldTasks.Generations,
        "Classifier-free guidance beside the distilled one; negative_prompt counts only above 1, and without one it counts for nothing.")
        { NeedsCapability = true, ModelSets = true, DefaultText = "1", Option = "--true-guidance" };

    public static readonly FieldInfo Shift = new("shift", new NumberType(0.01, 100), FieldTasks.Generations,
        "Shift of the flow schedule: above 1 more of the steps are spent on strong noise. Shifting by the picture's size is off where it is given.")
        { NeedsCapability = true, ModelSets = true, DefaultText = "the model's own", Option = "--shift" };

    public static readonly FieldInfo ImageGuidanceScale = new("image_guidance_scale", new NumberType(0, 10), FieldTasks.Img2img,
        "How strongly a model that edits by instruction keeps to the picture; below 1 no guidance is run at all.")
        { NeedsCapability = true, ModelSets = true, DefaultText = "1.5", Option = "--image-guidance" };

    public static readonly FieldInfo ClassLabel = new("class_label", new WholeType(0, 1_000_000), FieldTasks.Txt2img,
        "The class to draw, by its number in the model's training set.")
        { NeedsCapability = true, ModelSets = true, DefaultText = "required by models that take it", Option = "--class-label" };

    public static readonly FieldInfo Controls = new("controls", new ControlsType(), FieldTasks.Generations,
        "ControlNets from GET /v1/controlnets, each with the picture that it is shown; no preprocessor runs.")
        { NeedsCapability = true, IsPrivate = true, DefaultText = "none" };

    public static readonly FieldInfo Loras = new("loras", new LoraType(), FieldTasks.Generations,
        "Low-rank adaptations that are merged into the model, by their ids in GET /v1/loras, in this order; text_weight is that of the text encoders. "
        + "In weighted prompts a tag <lora:id:weight> adds one.")
        { NeedsCapability = true, DefaultText = "none" };

    public static readonly FieldInfo Embeddings = new("embeddings", new EmbeddingsType(), FieldTasks.Generations,
        "Textual inversions that the prompts may name, by their ids in GET /v1/embeddings; an empty list: none, and every word is a word. "
        + "In a prompt one is named by <id>, by the bare id, or by the token that its file names.")
        { NeedsCapability = true, DefaultText = "every one that fits the model" };

    public static readonly FieldInfo Vae = new("vae", new TextType(255), FieldTasks.Generations,
        "Id from GET /v1/vaes: an autoencoder in the place of the model's own. It must have as many channels, and as many pixels per latent cell.")
        { NeedsCapability = true, ModelSets = true, DefaultText = "the model's own", A1111 = "override_settings.sd_vae", Option = "--vae" };

    public static readonly FieldInfo VaeHash = new("vae_hash", new TextType(64), FieldTasks.Generations,
        "Content hash of the autoencoder, as answers give it; where it has changed since, the answer warns.")
        { NeedsCapability = true, DefaultText = "not compared" };

    public static readonly FieldInfo Hires = new("hires", new HiresType(new TextType(PromptCharacters), SamplerType()), FieldTasks.Txt2img,
        "A second pass at a larger size: the first one's latents are enlarged, noised at the strength and denoised again. scale (1…4, 2), or width and height, "
        + "one of which may be left out; upscaler: latent, latent_antialiased, latent_bicubic, latent_bicubic_antialiased, latent_nearest, "
        + "latent_nearest_exact, or an id from GET /v1/upscalers, which enlarges the decoded picture; steps, 0: as many; strength 0…1, 0.7; prompt, "
        + "negative_prompt and sampler: those of the first pass.")
        { NeedsCapability = true, IsPrivate = true, DefaultText = "none", A1111 = "enable_hr", Option = "--hires" };

    public static readonly FieldInfo Tiling = new("tiling", new TilingType(), FieldTasks.Txt2img | FieldTasks.Img2img | FieldTasks.Inpaint,
        "The picture wraps round, along both axes or one: convolutions pad with what lies at the other edge.")
        { NeedsCapability = true, DefaultText = "false", A1111 = "tiling", Option = "--tiling" };

    public static readonly FieldInfo Cache = new("cache", new CacheType(), FieldTasks.Generations,
        "Calls of the denoiser that are left out where what it gave before will do: method easycache, and threshold 0…1, how much its answer may have "
        + "changed since, as a share of it. The picture differs by that (docs/faster.md); null declines a model's default.")
        { NeedsCapability = true, ModelSets = true, DefaultText = "none", Option = "--cache" };

    public static readonly FieldInfo Explain = new("explain", new WordsType(), FieldTasks.Txt2img | FieldTasks.Img2img | FieldTasks.Inpaint,
        "Where in the picture each word was drawn: a heat map over it and a share for every word of the prompt, or for those named (docs/explain.md).")
        { NeedsCapability = true, IsPrivate = true, DefaultText = "false", Option = "--explain" };

    private static FieldInfo Pair(string name, int min, string about, string fallback) => new(name, new PixelPairType(min), FieldTasks.Generations, about)
        { NeedsCapability = true, ModelSets = true, DefaultText = fallback, Option = "--" + name.Replace('_', '-') };
}
