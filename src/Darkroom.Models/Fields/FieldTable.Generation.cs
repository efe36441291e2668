using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules;

namespace Darkroom.Models.Fields;

/// <summary>The fields of txt2img, which img2img, inpaint and outpaint have too.</summary>
public static partial class FieldTable
{
    private const int PromptCharacters = 4096;

    /// <summary>2^53−1: the largest whole number that every JSON reader keeps.</summary>
    public const long MaxSeed = (1L << 53) - 1;

    /// <summary>A seed that says: draw one.</summary>
    public const long DrawnSeed = -1;

    /// <summary>The name of the sampler that a model's configuration describes, whether or not it has a name of its own.</summary>
    public const string OwnSampler = "default";

    public static readonly FieldInfo Prompt = new("prompt", new TextType(PromptCharacters) { Example = "red apple, 3d render" }, FieldTasks.Generations,
        "What the picture shows. May be empty; models that read no text need none.")
        { IsRequired = true, ModelsWaive = true, IsPrivate = true, A1111 = "prompt", OpenAi = "prompt" };

    public static readonly FieldInfo NegativePrompt = new("negative_prompt", new TextType(PromptCharacters), FieldTasks.Generations,
        "What the picture should not show. Absent: none; an empty text is a text.")
        { IsPrivate = true, ModelSets = true, DefaultText = "none", A1111 = "negative_prompt", Option = "--negative" };

    public static readonly FieldInfo Model = new("model", new TextType(200), FieldTasks.Generations | FieldTasks.Looks, "Id from GET /v1/models.")
        { DefaultText = "the server's default model", A1111 = "override_settings.sd_model_checkpoint", OpenAi = "model", Option = "--model" };

    public static readonly FieldInfo Width = new("width", new SizeType(), FieldTasks.Txt2img, "Pixels.")
        { ModelSets = true, DefaultText = "its native size", A1111 = "width", OpenAi = "size", Option = "--size" };

    public static readonly FieldInfo Height = new("height", new SizeType(), FieldTasks.Txt2img, "Pixels.")
        { ModelSets = true, DefaultText = "its native size", A1111 = "height", OpenAi = "size", Option = "--size" };

    public static readonly FieldInfo Steps = new("steps", new WholeType(1, 150), FieldTasks.Generations, "Denoising steps.")
        { Default = 20L, ModelSets = true, A1111 = "steps", Option = "--steps" };

    public static readonly FieldInfo GuidanceScale = new("guidance_scale", new NumberType(0, 30), FieldTasks.Generations,
        "How strongly the prompt is followed. At most 1 means no guidance, and half the work.")
        { Default = 7.5, ModelSets = true, A1111 = "cfg_scale", Option = "--guidance" };

    public static readonly FieldInfo GuidanceRescale = new("guidance_rescale", new NumberType(0, 1), FieldTasks.Generations,
        "Pulls the guided output back to the contrast of the unguided one.") { Default = 0.0, ModelSets = true, Option = "--guidance-rescale" };

    public static readonly FieldInfo GuidanceInterval = new("guidance_interval", new SpanType(), FieldTasks.Generations,
        "[from, to]: step i of n is guided where from ≤ i/n < to.")
        { Default = Diffusion.Guidance.GuidanceInterval.Whole, ModelSets = true, Option = "--guidance-interval" };

    public static readonly FieldInfo Sampler = new("sampler", SamplerType(), FieldTasks.Generations,
        "The step rule, by the name here or that of AUTOMATIC1111, diffusers or ComfyUI. default: the class in the model's configuration as it stands.")
        { Default = OwnSampler, ModelSets = true, A1111 = "sampler_name", Option = "--sampler" };

    public static readonly FieldInfo Schedule = new("schedule",
        new ChoiceType([.. ScheduleCatalog.All.Select(one => one.Name)], ScheduleAliases.All), FieldTasks.Generations,
        "The rule of the noise levels. default: the sampler's own.")
        { Default = ScheduleCatalog.Default, ModelSets = true, A1111 = "scheduler", Option = "--schedule" };

    public static readonly FieldInfo Eta = new("eta", new NumberType(0, 1), FieldTasks.Generations, "Share of fresh noise.")
        { ModelSets = true, DefaultText = "0 for ddim and tcd, 1 for ancestral samplers", A1111 = "eta", Option = "--eta" };

    public static readonly FieldInfo Seed = new("seed", new WholeType(0, MaxSeed) { Special = DrawnSeed }, FieldTasks.Generations | FieldTasks.Looks,
        "Decides the noise. -1: drawn by the server and returned.")
        { Default = DrawnSeed, DefaultText = "drawn by the server and returned", ModelSets = true, A1111 = "seed", Option = "--seed" };

    public static readonly FieldInfo Count = new("count", new WholeType(1, 8), FieldTasks.Generations, "Pictures; picture i has seed + i.")
        { Default = 1L, ModelSets = true, A1111 = "batch_size", OpenAi = "n", Option = "--count" };

    public static readonly FieldInfo NoiseSource = new("noise_source", new ChoiceType(["torch_cpu", "torch_cuda"]), FieldTasks.Generations,
        "torch_cpu: as diffusers and ComfyUI draw it; torch_cuda: Philox, as AUTOMATIC1111 and diffusers on a GPU. Compatibility a1111 means "
        + "torch_cuda unless another is named; with comfyui it is the device that ComfyUI runs on: starting noise is the CPU's on both.")
        { Default = "torch_cpu", ModelSets = true, A1111 = "override_settings.randn_source", Option = "--noise-source" };

    public static readonly FieldInfo ClipSkip = new("clip_skip", new WholeType(0, 11), FieldTasks.Generations,
        "Last layers of the text encoder left out, in diffusers' numbering.")
        { Default = 0L, ModelSets = true, A1111 = "override_settings.CLIP_stop_at_last_layers", Option = "--clip-skip" };

    public static readonly FieldInfo PromptStyle = new("prompt_style", new ChoiceType(["plain", "weighted", "comfyui"]), FieldTasks.Generations,
        "plain: the text as it stands, cut at the tokenizer's length; weighted: AUTOMATIC1111's grammar and long prompts; comfyui: ComfyUI's, which "
        + "compatibility comfyui means unless another is named.")
        { Default = "weighted", ModelSets = true, Option = "--prompt-style" };

    public static readonly FieldInfo Compatibility = new("compatibility", new ChoiceType(["diffusers", "a1111", "comfyui"]),
        FieldTasks.Generations,
        "Whose pictures the request should reproduce: rules of noise levels and timesteps, where noise is drawn, prompt grammar, strength, and masks.")
        { Default = "diffusers", ModelSets = true, Option = "--compatibility" };

    public static readonly FieldInfo Metadata = new("metadata", new FlagType(), FieldTasks.Generations | FieldTasks.Denoise,
        "Write the parameters into the picture, in the text form that AUTOMATIC1111 reads and writes.")
        { Default = true, ModelSets = true, A1111 = "override_settings.enable_pnginfo", Option = "--metadata" };

    public static readonly FieldInfo PreviewEvery = new("preview_every", new WholeType(0, 150), FieldTasks.Generations,
        "Steps between previews in the job's event stream; 0: none. The picture is the same with and without.") { Default = 0L, ModelSets = true };

    private static ChoiceType SamplerType() => new([OwnSampler, .. SamplerCatalog.All.Select(one => one.Name)], SamplerAliases.All);
}
