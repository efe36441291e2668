using System.Text.Json.Nodes;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Upscaling;
using Darkroom.Server.Automatic1111.Names;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Automatic1111.Infotext;

/// <summary>What picture tasks add, the second pass, and an upscaler behind all.</summary>
internal static class RemadePictures
{
    private static readonly Dictionary<string, string>
        Fits = new() { ["Just resize"] = "stretch", ["Crop and resize"] = "crop", ["Resize and fill"] = "pad" },
        Fills = new() { ["fill"] = "blur", ["original"] = "original", ["latent noise"] = "noise", ["latent nothing"] = "zero" };

    public static void Set(GenerationTask task, InfotextValues values, JsonObject fields, List<string> missing)
    {
        if (task == GenerationTask.Txt2img) return;
        missing.Add("image: the picture that this one was made from is not in the file");
        if (task == GenerationTask.Denoise)
        {
            values.Use("Resize mode");
            if (values.Number(EditText.RemovedNoise) is { } noise and > 0) fields["noise"] = noise;
            fields["strength"] = values.Number(EditText.RemovedShare) ?? 1;
            return;
        }
        if (values.Number("Denoising strength") is { } strength) fields["strength"] = strength;
        if (task == GenerationTask.Outpaint)
        {
            foreach (var side in (string[])["left", "right", "up", "down", "feather"])
                if (values.Whole("Outpaint " + side) is { } pixels) fields[side] = pixels;
            return;
        }
        if (values.Text("Resize mode") is { } fit && Fits.TryGetValue(fit, out var mode) && task == GenerationTask.Img2img) fields["resize_mode"] = mode;
        if (task == GenerationTask.Inpaint) SetMask(values, fields, missing);
    }

    public static void SetHires(InfotextValues values, JsonObject fields, TaskSheet sheet, RemadeParts parts, List<string> missing)
    {
        if (sheet.Reader.Find("hires") is null || (!values.Has("Hires upscale") && !values.Has("Hires resize") && !values.Has("Hires upscaler"))) return;
        var hires = new JsonObject();
        if (values.Number("Hires upscale") is { } scale) hires["scale"] = scale;
        else if (values.Size("Hires resize") is var (width, height))
        {
            if (width > 0) hires["width"] = width;
            if (height > 0) hires["height"] = height;
        }
        if (values.Whole("Hires steps") is { } steps) hires["steps"] = steps;
        if (values.Number("Denoising strength") is { } strength) hires["strength"] = strength;
        if (values.Text("Hires prompt") is { } prompt) hires["prompt"] = prompt;
        if (values.Text("Hires negative prompt") is { } negative) hires["negative_prompt"] = negative;
        if (values.Look("Hires sampler") is { } sampler && A1111Samplers.Resolve(sampler, null).Sampler is { } native)
        {
            hires["sampler"] = native;
            values.Use("Hires sampler");
        }
        if (values.Text("Hires upscaler") is { } upscaler)
        {
            if ((LatentUpscale.Find(upscaler)?.Name ?? IdOf(upscaler, parts.Upscalers)) is { } id) hires["upscaler"] = id;
            else missing.Add($"hires.upscaler: '{upscaler}' is not on this server");
        }
        fields["hires"] = hires;
    }

    /// <summary>A picture that was not enlarged says so: models may have a default.</summary>
    public static void SetUpscale(InfotextValues values, JsonObject fields, RemadeParts parts, List<string> missing)
    {
        fields["upscale"] = null;
        if (values.Text("Postprocess upscaler") is not { } name) return;
        if (IdOf(name, parts.Upscalers) is not { } id) missing.Add($"upscale.model: '{name}' is not on this server");
        else if (values.Number("Postprocess upscale by") is { } scale) fields["upscale"] = new JsonObject { ["model"] = id, ["scale"] = scale };
    }

    private static string? IdOf(string name, IUpscalerDirectory upscalers) => A1111Upscalers.Find(name, upscalers)?.Id;

    private static void SetMask(InfotextValues values, JsonObject fields, List<string> missing)
    {
        missing.Add("mask: it is not in the file");
        var mode = values.Text("Mask mode");
        fields["mask_mode"] = values.Text("Mask channel") == "alpha" ? "alpha" : mode == "Inpaint not masked" ? "black" : "white";
        if (values.Number("Mask blur") is { } blur) fields["mask_blur"] = blur;
        if (values.Whole("Mask grow") is { } grow) fields["mask_grow"] = grow;
        fields["fill"] = Fills.GetValueOrDefault(values.Text("Masked content") ?? "original", "original");
        fields["area"] = values.Text("Inpaint area") == "Only masked" ? "masked" : "whole";
        if (values.Whole("Masked area padding") is { } padding) fields["padding"] = padding;
    }
}
