using System.Text.Json;
using Darkroom.Diffusion.Samplers;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Conformance;

/// <summary>A case of the pack's pipelines as a client would ask for it, every field that it decides named; or why no request says the same.</summary>
internal static class PackRequest
{
    private const string ControlNet = "StableDiffusionControlNetPipeline";

    /// <summary>The id of the pack's ControlNet in the models folder.</summary>
    public const string ControlNetId = "tiny";

    private static readonly Dictionary<string, string> Tasks = new()
    {
        ["StableDiffusionPipeline"] = "txt2img", ["StableDiffusionImg2ImgPipeline"] = "img2img", ["StableDiffusionInpaintPipeline"] = "inpaint",
        ["StableDiffusionXLPipeline"] = "txt2img", ["StableDiffusionXLImg2ImgPipeline"] = "img2img", ["StableDiffusionXLInpaintPipeline"] = "inpaint",
        ["LatentConsistencyModelPipeline"] = "txt2img", ["LatentConsistencyModelImg2ImgPipeline"] = "img2img",
        ["StableDiffusion3Pipeline"] = "txt2img", ["StableDiffusion3Img2ImgPipeline"] = "img2img",
        ["FluxPipeline"] = "txt2img", ["FluxImg2ImgPipeline"] = "img2img",
        ["StableDiffusionInstructPix2PixPipeline"] = "img2img", [ControlNet] = "txt2img",
        ["DiTPipeline"] = "txt2img", ["DDPMPipeline"] = "txt2img", ["DDIMPipeline"] = "txt2img",
    };

    /// <summary>What the pack calls tasks that the API has no address of their own for.</summary>
    private static readonly Dictionary<string, string> OtherTasks = new()
    {
        ["edit"] = "img2img", ["controlnet"] = "txt2img", ["class"] = "txt2img", ["unconditional"] = "txt2img", ["lora"] = "txt2img",
        ["textual_inversion"] = "txt2img",
    };

    private static readonly Dictionary<string, string> Schedules = new()
    {
        ["use_karras_sigmas"] = "karras", ["use_exponential_sigmas"] = "exponential", ["use_beta_sigmas"] = "beta", ["timestep_spacing"] = "simple",
    };

    /// <summary>diffusers has the height, or the top, first.</summary>
    private static readonly (string Theirs, string Ours)[] Pairs =
    [
        ("original_size", "original_size"), ("target_size", "target_size"), ("crops_coords_top_left", "crop"),
        ("negative_original_size", "negative_original_size"), ("negative_target_size", "negative_target_size"),
        ("negative_crops_coords_top_left", "negative_crop"),
    ];

    /// <summary>What of a case's picture the API has no words for; null where it can be asked.</summary>
    public static string? Inexpressible(JsonElement json, int picture)
    {
        var options = json.GetProperty("scheduler").GetProperty("options");
        int seeds = json.GetProperty("generators").GetProperty("seeds").GetArrayLength(), pictures = json.GetProperty("pictures").GetArrayLength();
        if (seeds != pictures) return "one generator draws for several pictures: here every picture has a seed";
        if (picture > 0 && TaskOf(json) == "inpaint") return "the first picture's generator draws the posteriors of all: here every picture draws its own";
        if (json.GetProperty("given").TryGetProperty("latents", out _)) return "starting latents are given";
        if (options.TryGetProperty("noise_sampler_seed", out var path) && path.GetInt64() != Seed(json, picture))
            return "the Brownian tree has a seed of its own: here it has the picture's";
        if (options.TryGetProperty("rescale_betas_zero_snr", out _)) return "zero terminal SNR is the model's, not the request's";
        if (json.GetProperty("scheduler").GetProperty("class").GetString() == "PNDMScheduler" && !SkipsRungeKutta(json))
            return "PNDM's first steps by Runge-Kutta are the model's to say, and it does not";
        return options.EnumerateObject()
            .All(option => Schedules.ContainsKey(option.Name)
                || option.Name is "algorithm_type" or "solver_order" or "noise_sampler_seed" or "shift" or "use_dynamic_shifting")
            ? null
            : "a sampler's option that no name stands for";
    }

    /// <summary>Tasks that the pipelines do without further files.</summary>
    public static bool IsCovered(JsonElement json) =>
        Tasks.TryGetValue(json.GetProperty("pipeline").GetString()!, out string? task)
        && json.GetProperty("task").GetString()! is var named && OtherTasks.GetValueOrDefault(named, named) == task;

    /// <summary>The id of a family's LoRA: the families' files have the same names.</summary>
    public static string LoraId(string family, string file) => $"{family}-{Path.GetFileNameWithoutExtension(file)}";

    public static string TaskOf(JsonElement json) => Tasks[json.GetProperty("pipeline").GetString()!];

    /// <summary>The fields of one picture of the case, without the pictures that it sends.</summary>
    public static Dictionary<string, object> Fields(JsonElement json, int picture)
    {
        var arguments = json.GetProperty("arguments");
        var (sampler, schedule) = Sampling(json.GetProperty("scheduler"));
        var fields = new Dictionary<string, object>
        {
            ["prompt"] = Text(json, "prompt", picture),
            ["model"] = json.GetProperty("family").GetString()!,
            ["steps"] = arguments.GetProperty("num_inference_steps").GetInt32(),
            ["sampler"] = sampler,
            ["schedule"] = schedule,
            ["seed"] = Seed(json, picture),
            ["count"] = 1,
            ["noise_source"] = "torch_cpu",
            ["prompt_style"] = "plain",
            ["compatibility"] = "diffusers",
            ["format"] = "png",
        };
        foreach (var (theirs, ours) in (ReadOnlySpan<(string, string)>)[("width", "width"), ("height", "height"), ("guidance_rescale", "guidance_rescale"),
            ("eta", "eta"), ("clip_skip", "clip_skip"), ("guidance_scale", "guidance_scale"), ("image_guidance_scale", "image_guidance_scale"),
            ("true_cfg_scale", "true_guidance_scale"), ("max_sequence_length", "max_text_tokens")])
            if (arguments.TryGetProperty(theirs, out var value) && value.ValueKind == JsonValueKind.Number)
                fields[ours] = value;
        // A negative prompt that is absent is not an empty one to every family.
        foreach (string text in (ReadOnlySpan<string>)["negative_prompt", "prompt_2", "negative_prompt_2"])
            if (arguments.TryGetProperty(text, out _)) fields[text] = Text(json, text, picture);
        foreach (var (theirs, ours) in Pairs)
            if (arguments.TryGetProperty(theirs, out var pair)) fields[ours] = new[] { pair[1].GetInt32(), pair[0].GetInt32() };
        if (json.GetProperty("scheduler").GetProperty("options").TryGetProperty("shift", out var shift)) fields["shift"] = shift;
        if (arguments.TryGetProperty("class_labels", out var labels)) fields["class_label"] = labels[picture];
        if (json.GetProperty("pipeline").GetString() == ControlNet) fields["controls"] = new[] { Control(json) };
        if (json.TryGetProperty("lora", out var loras))
            fields["loras"] = loras.EnumerateArray().Select(lora => new
            {
                id = LoraId(json.GetProperty("family").GetString()!, lora.GetProperty("file").GetString()!),
                weight = lora.GetProperty("scale").GetDouble(),
            }).ToArray();
        string task = TaskOf(json);
        // An edit by instruction has no strength.
        if (task == "txt2img" || arguments.TryGetProperty("image_guidance_scale", out _)) return fields;
        fields["strength"] = arguments.TryGetProperty("strength", out var strength) ? strength.GetDouble() : task == "inpaint" ? 1 : 0.8;
        if (task == "img2img") return fields;
        (fields["mask_mode"], fields["mask_blur"], fields["mask_grow"], fields["fill"], fields["resize_mode"]) = ("white", 0, 0, "original", "stretch");
        fields["area"] = "whole";
        if (!arguments.TryGetProperty("padding_mask_crop", out var padding) || padding.ValueKind != JsonValueKind.Number) return fields;
        (fields["area"], fields["padding"]) = ("masked", padding.GetInt32());
        return fields;
    }

    /// <summary>The case's ControlNet with its picture.</summary>
    private static Dictionary<string, object> Control(JsonElement json)
    {
        var arguments = json.GetProperty("arguments");
        var control = new Dictionary<string, object> { ["model"] = ControlNetId, ["image"] = Convert.ToBase64String(FileOf(json, "image")!) };
        foreach (var (theirs, ours) in (ReadOnlySpan<(string, string)>)[("controlnet_conditioning_scale", "weight"), ("control_guidance_start", "start"),
            ("control_guidance_end", "end"), ("guess_mode", "guess")])
            if (arguments.TryGetProperty(theirs, out var value)) control[ours] = value;
        return control;
    }

    /// <summary>The file that the case sends as <c>image</c> or <c>mask_image</c>; null for none.</summary>
    public static byte[]? Sent(JsonElement json, string which) => json.GetProperty("pipeline").GetString() == ControlNet ? null : FileOf(json, which);

    private static byte[]? FileOf(JsonElement json, string which) => json.GetProperty("given").TryGetProperty(which, out var file)
        ? File.ReadAllBytes(ConformancePack.PathOf("pipelines", json.GetProperty("family").GetString()!, "cases", file.GetString()!))
        : null;

    private static (string Sampler, string Schedule) Sampling(JsonElement scheduler)
    {
        string name = scheduler.GetProperty("class").GetString()![..^"Scheduler".Length];
        var options = scheduler.GetProperty("options");
        string schedule = options.EnumerateObject().Select(option => Schedules.GetValueOrDefault(option.Name)).FirstOrDefault(rule => rule is not null)
            ?? "default";
        if (name != "DPMSolverMultistep") return (SamplerCatalog.OfClass(name)!.Name, schedule);
        int order = options.TryGetProperty("solver_order", out var given) ? given.GetInt32() : 2;
        bool stochastic = options.TryGetProperty("algorithm_type", out var algorithm) && algorithm.GetString()!.StartsWith("sde", StringComparison.Ordinal);
        return ($"dpmpp_{order}m{(stochastic ? "_sde" : "")}", schedule);
    }

    private static bool SkipsRungeKutta(JsonElement json) =>
        ConformancePack.Json("pipelines", json.GetProperty("family").GetString()!, "onnx", "scheduler", "scheduler_config.json")
            .TryGetProperty("skip_prk_steps", out var skips)
        && skips.GetBoolean();

    private static long Seed(JsonElement json, int picture) => json.GetProperty("generators").GetProperty("seeds")[picture].GetInt64();

    /// <summary>A text, or a list of texts with several pictures each: all of the first, then all of the second.</summary>
    private static string Text(JsonElement json, string name, int picture)
    {
        if (!json.GetProperty("arguments").TryGetProperty(name, out var value)) return "";
        return value.ValueKind switch
        {
            JsonValueKind.Array => value[picture / (json.GetProperty("pictures").GetArrayLength() / value.GetArrayLength())].GetString()!,
            JsonValueKind.String => value.GetString()!,
            _ => "",
        };
    }
}
