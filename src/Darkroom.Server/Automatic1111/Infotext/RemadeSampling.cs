using System.Text.Json.Nodes;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules;
using Darkroom.Server.Automatic1111.Names;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Automatic1111.Infotext;

/// <summary>Steps, guidance, sampler, schedule, seeds and noise.</summary>
internal static class RemadeSampling
{
    public static void Set(InfotextValues values, bool isOwn, string? compatibility, JsonObject fields, TaskSheet sheet)
    {
        if (compatibility is not null) fields["compatibility"] = compatibility;
        if (values.Whole("Steps") is { } steps) fields["steps"] = steps;
        SetGuidance(values, fields);
        if (isOwn) SetOwnSampler(values, fields);
        else SetSampler(values, fields);
        SetNumber(values, ["Eta", "Eta DDIM"], "eta", fields);
        foreach (var (key, field) in ((string, string)[])[("Sigma churn", "s_churn"), ("Sigma tmin", "s_tmin"), ("Sigma tmax", "s_tmax"),
            ("Sigma noise", "s_noise")]) SetNumber(values, [key], field, fields);
        if (values.Whole("Seed") is { } seed) fields["seed"] = seed;

        // A1111 says it where it is not the GPU's; so does Darkroom.
        if (isOwn || compatibility == "a1111")
            fields["noise_source"] = values.Text("RNG")?.Equals("CPU", StringComparison.OrdinalIgnoreCase) == true ? "torch_cpu" : "torch_cuda";
        if (sheet.Reader.Find("variation_seed") is not null && values.Whole("Variation seed") is { } other) fields["variation_seed"] = other;
        if (sheet.Reader.Find("variation_strength") is not null) SetNumber(values, ["Variation seed strength"], "variation_strength", fields);
        if (sheet.Reader.Find("seed_resize") is not null && values.Size("Seed resize from") is var (width, height))
            fields["seed_resize"] = new JsonArray(width, height);
        if (sheet.Reader.Find("noise_seed_offset") is not null && values.Whole("ENSD") is { } offset) fields["noise_seed_offset"] = offset;
        if (sheet.Reader.Find("tiling") is not null && values.Text("Tiling") is { } tiling)
            fields["tiling"] = tiling is "x" or "y" ? tiling : tiling.Equals("true", StringComparison.OrdinalIgnoreCase);
        if (isOwn) SetOwn(values, fields);
    }

    /// <summary>What Darkroom alone writes, of models that have more inputs and of what only Darkroom does.</summary>
    private static void SetOwn(InfotextValues values, JsonObject fields)
    {
        if (values.Text("Cache")?.Split(' ') is [var method, var share] && Number(share) is { } threshold)
            fields["cache"] = new JsonObject { ["method"] = method, ["threshold"] = threshold };
        foreach (var (key, field) in ((string, string)[])[("Prompt 2", "prompt_2"), ("Negative prompt 2", "negative_prompt_2")])
            if (values.Text(key) is { } text) fields[field] = text;
        foreach (var (key, field) in ((string, string)[])[("Original size", "original_size"), ("Target size", "target_size"), ("Crop", "crop"),
            ("Negative original size", "negative_original_size"), ("Negative target size", "negative_target_size"), ("Negative crop", "negative_crop")])
            if (values.Size(key) is var (width, height)) fields[field] = new JsonArray(width, height);
        foreach (var (key, field) in ((string, string)[])[("Text tokens", "max_text_tokens"), ("Class label", "class_label"),
            ("Quality", "quality"), ("Bit depth", "bit_depth")])
            if (values.Whole(key) is { } whole) fields[field] = whole;
        SetNumber(values, ["True CFG scale"], "true_guidance_scale", fields);
        SetNumber(values, ["Shift"], "shift", fields);
    }

    private static void SetGuidance(InfotextValues values, JsonObject fields)
    {
        if (values.Number("Distilled CFG Scale") is { } distilled)
        {
            fields["guidance_scale"] = distilled;
            if (values.Number("CFG scale") is { } scale and > 1) fields["true_guidance_scale"] = scale;
        }
        else SetNumber(values, ["CFG scale"], "guidance_scale", fields);
        SetNumber(values, ["CFG Rescale", "CFG rescale"], "guidance_rescale", fields);
        SetNumber(values, ["Image CFG scale"], "image_guidance_scale", fields);
        if (values.Text("Guidance interval")?.Split('-') is [var from, var to]
            && Number(from) is { } first && Number(to) is { } last) fields["guidance_interval"] = new JsonArray(first, last);
    }

    /// <summary>Darkroom writes its samplers' titles; "Uniform" where the class's own levels are meant and A1111 would take others.</summary>
    private static void SetOwnSampler(InfotextValues values, JsonObject fields)
    {
        if (values.Text("Sampler") is not { } title) return;
        if (SamplerCatalog.All.FirstOrDefault(one => one.Title == title) is { } sampler) fields["sampler"] = sampler.Name;
        var type = values.Text("Schedule type");
        fields["schedule"] = ScheduleCatalog.All.FirstOrDefault(one => one.Title == type)?.Name ?? ScheduleCatalog.Default;
    }

    private static void SetSampler(InfotextValues values, JsonObject fields)
    {
        var choice = A1111Samplers.Resolve(values.Look("Sampler"), values.Look("Schedule type"));
        if (choice.Sampler is { } sampler)
        {
            fields["sampler"] = sampler;
            values.Use("Sampler");
        }
        if (choice.Schedule is not { } schedule || choice.UnknownScheduler is not null) return;
        fields["schedule"] = schedule;
        values.Use("Schedule type");
    }

    private static void SetNumber(InfotextValues values, IReadOnlyList<string> keys, string field, JsonObject fields)
    {
        foreach (var key in keys)
            if (values.Number(key) is { } number) fields[field] = number;
    }

    private static double? Number(string text) => double.TryParse(
        text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : null;
}
