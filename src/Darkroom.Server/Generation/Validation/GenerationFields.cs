using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging;

namespace Darkroom.Server.Generation.Validation;

/// <summary>
/// The fields of a generation request: name, type, range, default (the model's, else the server's), where the answer takes the used value from.
/// A new field is a line here and a line in <see cref="GenerationValidation"/>.
/// </summary>
internal static class GenerationFields
{
    /// <summary>2^53−1: the largest whole number that every JSON reader keeps.</summary>
    public const long LargestSeed = (1L << 53) - 1;

    public static readonly TextField Prompt = new("prompt", 4096, "What the picture shows. May be empty.")
        { IsRequired = true, IsPrivate = true, Example = "red apple, 3d render", Used = p => p.Request.Prompt };

    public static readonly TextField NegativePrompt = new("negative_prompt", 4096, "What the picture should not show.")
        { IsPrivate = true, Default = m => m.Defaults.NegativePrompt ?? "", Used = p => p.Request.NegativePrompt };

    public static readonly TextField Model = new("model", 200, "Id from GET /v1/models; the server's default model where absent.")
        { Used = p => p.Request.Model };

    public static readonly SizeField Width = new("width", "Pixels; the model's native size where absent.")
        { Default = m => m.Defaults.Width ?? m.NativeSize, Used = p => p.Request.Width };

    public static readonly SizeField Height = new("height", "Pixels; the model's native size where absent.")
        { Default = m => m.Defaults.Height ?? m.NativeSize, Used = p => p.Request.Height };

    public static readonly WholeField Steps = new("steps", 1, 150, "Denoising steps.")
        { Default = m => m.Defaults.Steps ?? 20, Used = p => p.Request.Steps };

    public static readonly NumberField GuidanceScale = new("guidance_scale", 0, 30, "How strongly the prompt is followed. At most 1 means no guidance, and half the work.")
        { Default = m => m.Defaults.GuidanceScale ?? 7.5, Used = p => p.Request.GuidanceScale };

    public static readonly NumberField GuidanceRescale = new("guidance_rescale", 0, 1, "Pulls the guided output back to the contrast of the unguided one.")
        { Default = m => m.Defaults.GuidanceRescale ?? 0, Used = p => p.Request.GuidanceRescale };

    public static readonly SpanField GuidanceInterval = new("guidance_interval", "[from, to]: step i of n is guided where from ≤ i/n < to.")
        { Default = _ => Diffusion.Guidance.GuidanceInterval.Whole, Used = p => p.Request.GuidanceInterval };

    public static readonly ChoiceField<string?> Sampler = new("sampler", [.. SamplerCatalog.All.Select(s => (s.Name, (string?)s.Name))],
        "The step rule; null or absent: the model's own, null also in an answer where that has no name here.")
        { Default = SamplerNames.Of, Used = p => p.Request.Sampler };

    public static readonly ChoiceField<string?> Schedule = new("schedule", [.. ScheduleCatalog.All.Select(s => (s.Name, (string?)s.Name))],
        "The rule of the noise levels; the sampler's own where absent.")
        { Default = m => m.Defaults.Schedule, Used = p => p.Request.Schedule };

    public static readonly NumberField Eta = new("eta", 0, 1, "Share of fresh noise; 0 for ddim and tcd, 1 for ancestral samplers where absent.")
        { Used = p => p.Request.Eta };

    public static readonly WholeField Seed = new("seed", 0, LargestSeed, "Decides the noise. Absent, null or -1: drawn by the server and returned.")
        { Absent = -1, Used = p => p.Request.Seed };

    public static readonly WholeField Count = new("count", 1, 8, "Pictures; picture i has seed + i.")
        { Default = _ => 1, Used = p => p.Request.Count };

    public static readonly ChoiceField<NoiseSource> NoiseSource = new("noise_source",
        [("torch_cpu", Engine.Jobs.NoiseSource.TorchCpu), ("torch_cuda", Engine.Jobs.NoiseSource.TorchCuda)],
        "torch_cpu: as diffusers and ComfyUI draw it; torch_cuda: Philox, as AUTOMATIC1111 and diffusers on a GPU.")
        { Default = _ => Engine.Jobs.NoiseSource.TorchCpu, Used = p => p.Request.NoiseSource };

    public static readonly WholeField ClipSkip = new("clip_skip", 0, 11, "Last layers of the text encoder left out, in diffusers' numbering.")
        { Default = m => m.Defaults.ClipSkip ?? 0, Used = p => p.Request.ClipSkip, MostOf = m => m.Capabilities.MaxClipSkip };

    public static readonly ChoiceField<PromptStyle> PromptStyle = new("prompt_style",
        [("plain", Engine.Jobs.PromptStyle.Plain), ("weighted", Engine.Jobs.PromptStyle.Weighted)],
        "plain: the text as it stands, cut at the tokenizer's length; weighted: AUTOMATIC1111's grammar and long prompts.")
        { Default = _ => Engine.Jobs.PromptStyle.Weighted, Used = p => p.Request.PromptStyle };

    public static readonly ChoiceField<Compatibility> Compatibility = new("compatibility",
        [("diffusers", Engine.Jobs.Compatibility.Diffusers), ("a1111", Engine.Jobs.Compatibility.A1111), ("comfyui", Engine.Jobs.Compatibility.Comfyui)],
        "Whose pictures the request should reproduce.")
        { Default = _ => Engine.Jobs.Compatibility.Diffusers, Used = p => p.Request.Compatibility };

    public static readonly ChoiceField<PictureFormat> Format = new("format", PictureFormats.Choices, "Format of the pictures.")
        { Default = _ => PictureFormat.Png, Used = p => p.Request.Format };

    public static readonly WholeField Quality = new("quality", 1, 100, "For jpeg and webp.")
        { Default = _ => 90, Used = p => p.Request.Quality };

    public static readonly FlagField Metadata = new("metadata", "Write the parameters into the picture, in the text form that AUTOMATIC1111 reads and writes.")
        { Default = _ => true, Used = p => p.Request.Metadata };

    public static readonly UpscaleField Upscale = new("upscale", "Applied to each finished picture; null declines a model's default, which applies to txt2img alone.")
        { Used = p => p.Request.Upscale is { } order ? new(order.Model, order.Scale) : null };

    public static readonly ChoiceField<ReturnMode> Return = new("return", [("data", ReturnMode.Data), ("url", ReturnMode.Url)],
        "data: the pictures in base64 within the answer; url: their addresses alone.")
        { Default = _ => ReturnMode.Data, Used = p => p.Return };

    public static readonly ChoiceField<JobPriority> Priority = new("priority",
        [("low", JobPriority.Low), ("normal", JobPriority.Normal), ("high", JobPriority.High)], "Place in the queue.")
        { Default = _ => JobPriority.Normal, Used = p => p.Request.Priority };

    public static readonly NumberField Deadline = new("deadline", 0, 31_536_000, "Seconds from acceptance, after which the job ends as expired.")
        { AboveLeast = true, Used = p => p.Request.Deadline };

    public static readonly WholeField PreviewEvery = new("preview_every", 0, 150, "Steps between previews in the job's event stream; 0: none. The picture is the same with and without.")
        { Default = _ => 0, Used = p => p.Request.PreviewEvery };

    public static readonly TextField ModelHash = new("model_hash", 64,
        "Content hash of the model, as answers give it; where the model has changed since, the answer warns.")
        { Used = p => p.ModelHash };

    /// <summary>The fields of <c>POST /v1/txt2img</c>, in the order of the API's page.</summary>
    public static readonly IReadOnlyList<Field> Txt2Img =
    [
        Prompt, NegativePrompt, Model, Width, Height, Steps, GuidanceScale, GuidanceRescale, GuidanceInterval, Sampler, Schedule, Eta, Seed, Count,
        NoiseSource, ClipSkip, PromptStyle, Compatibility, Format, Quality, Metadata, Upscale, Return, Priority, Deadline, PreviewEvery, ModelHash,
    ];
}
