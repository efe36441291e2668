using System.Text.Json.Nodes;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Upscaling;
using Darkroom.Server.Automatic1111.Names;

namespace Darkroom.Server.Automatic1111.Reading;

/// <summary>The second pass ("hires fix") in the words of the native API.</summary>
internal static class HiresValues
{
    private const double DefaultStrength = 0.75;

    private static readonly string[] Same = ["", "Use same checkpoint", "Use same sampler", "Use same scheduler"];

    /// <summary>Null where there is none.</summary>
    public static JsonObject? Of(SentValues values, StyleValues styles, IUpscalerDirectory upscalers)
    {
        if (values.Flag("enable_hr") != true) return null;
        foreach (var old in (string[])["firstphase_width", "firstphase_height"])
            if (values.Whole(old) is > 0) values.Refuse(old, "is the first pass's size, which width and height say here", values.Find(old), "0");
        if (values.Text("hr_checkpoint_name") is { } model && !IsSame(model))
            values.Refuse("hr_checkpoint_name", "names another model; both passes run the same one", values.Find("hr_checkpoint_name"), Same[1]);
        var hires = new JsonObject { ["strength"] = values.Number("denoising_strength", 0, 1) ?? DefaultStrength, ["upscaler"] = Upscaler(values, upscalers) };
        var (width, height) = (values.Whole("hr_resize_x", 0), values.Whole("hr_resize_y", 0));
        if (width is > 0) hires["width"] = width;
        if (height is > 0) hires["height"] = height;
        if (width is null or 0 && height is null or 0) hires["scale"] = values.Number("hr_scale") ?? 2;
        if (values.Whole("hr_second_pass_steps") is { } steps) hires["steps"] = steps;
        if (values.Text("hr_prompt") is { Length: > 0 } prompt) hires["prompt"] = styles.Prompt(prompt, values);
        if (values.Text("hr_negative_prompt") is { Length: > 0 } negative) hires["negative_prompt"] = styles.Negative(negative, values);
        if (Sampler(values) is { } sampler) hires["sampler"] = sampler;
        return hires;
    }

    private static string? Sampler(SentValues values)
    {
        string? name = values.Text("hr_sampler_name"), scheduler = values.Text("hr_scheduler");
        if (scheduler is not null && !IsSame(scheduler)
            && A1111Samplers.Resolve(null, scheduler).Schedule is { } second
            && second != A1111Samplers.Resolve(values.Text("sampler_name") ?? values.Text("sampler_index"), values.Text("scheduler")).Schedule)
            values.Refuse("hr_scheduler", "names another scheduler; both passes have the same one", values.Find("hr_scheduler"), Same[3]);
        if (name is null || IsSame(name)) return null;
        var choice = A1111Samplers.Resolve(name, null);
        if (choice.Sampler is null) values.Refuse("hr_sampler_name", "names no sampler", values.Find("hr_sampler_name"), SamplerValues.Names);
        return choice.Sampler;
    }

    private static string? Upscaler(SentValues values, IUpscalerDirectory upscalers)
    {
        if (values.Text("hr_upscaler") is not { Length: > 0 } name) return LatentUpscale.Default;
        if (LatentUpscale.Find(name) is { } way) return way.Name;
        if (A1111Upscalers.Find(name, upscalers) is { } network) return network.Id;
        values.Refuse("hr_upscaler", "names no upscaler that a second pass can use", values.Find("hr_upscaler"), "one of: " + string.Join(", ",
            LatentUpscale.All.Select(one => one.Title).Concat(A1111Upscalers.Usable(upscalers).Select(one => A1111Upscalers.NameOf(one, upscalers)))));
        return null;
    }

    private static bool IsSame(string name) => Same.Contains(name, StringComparer.OrdinalIgnoreCase);
}
