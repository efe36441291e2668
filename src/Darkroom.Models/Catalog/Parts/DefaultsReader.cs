using System.Text.Json;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules;
using Darkroom.Models.Files;

namespace Darkroom.Models.Catalog.Parts;

/// <summary>Reads <c>defaults</c> of <c>darkroom.json</c>: generation fields by their names and ranges in the native API.</summary>
internal static class DefaultsReader
{
    // What a request alone can say.
    private static readonly HashSet<string> OfRequests =
        ["prompt", "model", "image", "mask", "left", "right", "up", "down", "tile", "overlap", "scale"];

    public static ModelDefaults Read(JsonFields fields)
    {
        var defaults = new ModelDefaults
        {
            NegativePrompt = fields.Text("negative_prompt"),
            Width = fields.Integer("width", 8, DarkroomFile.LargestSize),
            Height = fields.Integer("height", 8, DarkroomFile.LargestSize),
            Steps = fields.Integer("steps", 1, 150),
            GuidanceScale = fields.Number("guidance_scale", 0, 30),
            GuidanceRescale = fields.Number("guidance_rescale", 0, 1),
            GuidanceInterval = Interval(fields),
            Sampler = fields.Word("sampler", [.. SamplerCatalog.All.Select(sampler => sampler.Name)]),
            Schedule = fields.Word("schedule", [.. ScheduleCatalog.All.Select(schedule => schedule.Name)]),
            Eta = fields.Number("eta", 0, 1),
            Seed = fields.Long("seed", -1, (1L << 53) - 1),
            Count = fields.Integer("count", 1, 8),
            NoiseSource = fields.Word("noise_source", "torch_cpu", "torch_cuda"),
            ClipSkip = fields.Integer("clip_skip", 0, 11),
            PromptStyle = fields.Word("prompt_style", "weighted", "plain"),
            Compatibility = fields.Word("compatibility", "diffusers", "a1111", "comfyui"),
            Format = fields.Word("format", "png", "jpeg", "webp"),
            Quality = fields.Integer("quality", 1, 100),
            Metadata = fields.Flag("metadata"),
            Upscale = Upscaling(fields.Object("upscale")),
            Return = fields.Word("return", "data", "url"),
            Priority = fields.Word("priority", "low", "normal", "high"),
            Deadline = fields.Number("deadline", 0.001, 1e9),
            PreviewEvery = fields.Integer("preview_every", 0, 150),
            Strength = fields.Number("strength", 0, 1),
            ResizeMode = fields.Word("resize_mode", "stretch", "crop", "pad"),
            MaskMode = fields.Word("mask_mode", "white", "black", "alpha"),
            MaskBlur = fields.Number("mask_blur", 0, 64),
            MaskGrow = fields.Integer("mask_grow", 0, 256),
            Fill = fields.Word("fill", "original", "noise", "zero", "blur"),
            Area = fields.Word("area", "whole", "masked"),
            Padding = fields.Integer("padding", 0, 2000),
            Feather = fields.Integer("feather", 0, 2000),
        };
        foreach (string name in fields.Names.Where(name => !Known.Contains(name)))
            fields.Fault(name, OfRequests.Contains(name) ? "cannot have a default, only a request can say it" : "is not a generation field");
        CheckPair(defaults, fields);
        return defaults;
    }

    private static readonly HashSet<string> Known =
        [.. typeof(ModelDefaults).GetProperties().Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name))];

    private static void CheckPair(ModelDefaults defaults, JsonFields fields)
    {
        if (defaults.Sampler is not { } name || defaults.Schedule is not { } schedule) return;
        var possible = SamplerCatalog.Find(name)!.Schedules;
        if (!possible.Contains(schedule)) fields.Fault("schedule", $"'{schedule}' has no meaning with sampler '{name}'; possible are {string.Join(", ", possible)}");
    }

    private static IReadOnlyList<double>? Interval(JsonFields fields)
    {
        const string Name = "guidance_interval";
        if (fields.Find(Name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2 && value.EnumerateArray().All(end => end.ValueKind == JsonValueKind.Number))
        {
            double from = value[0].GetDouble(), to = value[1].GetDouble();
            if (from is >= 0 and <= 1 && to is >= 0 and <= 1 && from <= to) return [from, to];
        }
        fields.Fault(Name, "expected [from, to] with 0 ≤ from ≤ to ≤ 1");
        return null;
    }

    private static UpscaleDefault? Upscaling(JsonFields? fields)
    {
        if (fields is null) return null;
        foreach (string name in fields.Names.Where(name => name is not ("model" or "scale"))) fields.Fault(name, "is not a field of upscale");
        if (!fields.Has("model")) fields.Fault("model", "is missing");
        return new(fields.Text("model", 200) ?? "", fields.Number("scale", 1, 8));
    }
}
