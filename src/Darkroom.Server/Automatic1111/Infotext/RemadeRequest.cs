using System.Text.Json.Nodes;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Imaging.Metadata;
using Darkroom.Imaging.Metadata.Tools;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Automatic1111.Infotext;

/// <summary>The request that would make a picture again, as far as its file says what made it.</summary>
/// <param name="Task">Which address it goes to.</param>
/// <param name="Fields">Of the native API, by its names.</param>
/// <param name="Missing">What the request needs and the file does not hold, or this server does not have; a sentence each.</param>
/// <param name="Unused">Fields of the text that nothing was made of.</param>
internal sealed record RemadeRequest(
    GenerationTask Task, JsonObject Fields, IReadOnlyList<string> Missing, IReadOnlyDictionary<string, string> Unused)
{
    /// <summary>The one of <see cref="Missing"/> that keeps nothing from being made: the model has other contents now; null: it has not.</summary>
    public string? ChangedModel { get; init; }

    /// <summary>The request of a record; null where it says of no generation.</summary>
    /// <param name="record">What the file says.</param>
    /// <param name="format">Of the file.</param>
    /// <param name="parts">What this server has.</param>
    public static RemadeRequest? Of(PictureRecord record, PictureFormat format, RemadeParts parts)
    {
        var values = new InfotextValues(record.Parameters);
        if (!values.Has("Steps") && !values.Has("Seed") && !values.Has("Sampler")) return null;
        var isOwn = record.Tool == GeneratorTools.Darkroom;
        var task = TaskOf(values);
        var sheet = TaskSheet.Of(task);
        var (fields, missing) = (new JsonObject(), new List<string>());

        RemadeText.Set(values, isOwn, fields, parts, missing);
        string? changed = RemadeParts.SetModel(values, parts.Models, parts.Vaes, fields, missing);
        if (task is GenerationTask.Txt2img or GenerationTask.Img2img && values.Size("Size") is var (width, height))
            (fields["width"], fields["height"]) = (width, height);
        values.Use("Size");
        RemadeSampling.Set(values, isOwn, CompatibilityOf(record.Tool, values), fields, sheet);
        if (values.Whole("Clip skip") is { } clip and >= 1) fields["clip_skip"] = clip - 1;
        RemadePictures.Set(task, values, fields, missing);
        if (task == GenerationTask.Txt2img) RemadePictures.SetHires(values, fields, sheet, parts, missing);
        if (task == GenerationTask.Txt2img || values.Has("Postprocess upscaler")) RemadePictures.SetUpscale(values, fields, parts, missing);
        foreach (var control in values.KeysFrom("ControlNet ").ToArray())
        {
            values.Use(control);
            missing.Add($"controls: the picture that {control} was shown is not in the file");
        }
        // Its text has what every picture's has, of which this task takes little.
        if (task == GenerationTask.Denoise)
            foreach (var name in fields.Select(field => field.Key).Where(name => sheet.Reader.Find(name) is null).ToArray()) fields.Remove(name);
        if (format != PictureFormat.Png) fields["format"] = PictureFormats.NameOf(format);
        return new(task, fields, missing, values.Unused) { ChangedModel = changed };
    }

    private static GenerationTask TaskOf(InfotextValues values) =>
        values.Has(EditText.RemovedNoise) ? GenerationTask.Denoise
        : values.Has("Outpaint left") ? GenerationTask.Outpaint
        : values.KeysFrom("Mask").Any() || values.Has("Inpaint area") ? GenerationTask.Inpaint
        : values.Has("Denoising strength") && !values.KeysFrom("Hires ").Any() ? GenerationTask.Img2img
        : GenerationTask.Txt2img;

    private static string? CompatibilityOf(string? tool, InfotextValues values) => tool switch
    {
        GeneratorTools.Darkroom => values.Text("Compatibility"),
        GeneratorTools.ComfyUi or GeneratorTools.SwarmUi => "comfyui",
        GeneratorTools.InvokeAi => null, // it runs diffusers
        _ => "a1111",
    };
}
