using System.Globalization;
using System.Text.Json;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.OpenAi.Contracts;
using Own = Darkroom.Server.OpenAi.Contracts.OpenAiFields;

namespace Darkroom.Server.OpenAi.Reading;

/// <summary>From a body in OpenAI's words to the order in the words of every surface.</summary>
internal sealed class OpenAiOrder
{
    /// <summary>Share of the schedule that a variation runs: the picture's layout stays, its details do not.</summary>
    public const double VariationStrength = 0.5;

    /// <summary>Share of the schedule that an edit with <c>input_fidelity</c> <c>high</c> runs.</summary>
    public const double FaithfulStrength = 0.5;

    /// <summary>What a mask leaves open is made from noise: nothing of what stands there is to be kept.</summary>
    private const double MaskedStrength = 1;

    private readonly OpenAiTask task;
    private readonly OpenAiBody body;
    private readonly FieldValues read, values = new();
    private readonly FaultList faults;
    private readonly Dictionary<FieldInfo, object> defaults = [];

    private OpenAiOrder(OpenAiTask task, OpenAiBody body)
    {
        (this.task, this.body, faults) = (task, body, body.Faults);
        read = task.Reader.Read(body.Body, faults);
    }

    /// <summary>The order, to be validated, and how it is answered.</summary>
    public static (GenerationOrder Order, OpenAiWish Wish) Read(OpenAiTask task, OpenAiBody body, ModelNames models) =>
        new OpenAiOrder(task, body).Read(models);

    /// <summary>Faults under the names that the caller used.</summary>
    /// <param name="faults">Of reading, then of validation, which has the native names.</param>
    /// <param name="ofReading">How many are of reading.</param>
    /// <param name="body">Of the request.</param>
    /// <param name="values">Of the order.</param>
    public static IReadOnlyList<Fault> Renamed(IReadOnlyList<Fault> faults, int ofReading, OpenAiBody body, FieldValues values)
    {
        bool namesSize = (values.JsonOf(GenerationFields.Width) ?? values.JsonOf(EditFields.Width)) is { ValueKind: JsonValueKind.String };
        return [.. faults.Select((fault, i) => fault with { Field = NameOf(fault.Field, i < ofReading, body, namesSize) })];
    }

    private static string NameOf(string field, bool isOwn, OpenAiBody body, bool namesSize) => field switch
    {
        "image" => body.ImageName,
        _ when isOwn => field,
        "count" => Own.N.Name,
        "format" => Own.OutputFormat.Name,
        "width" or "height" when namesSize => Own.Size.Name,
        _ => field,
    };

    private (GenerationOrder, OpenAiWish) Read(ModelNames models)
    {
        var sheet = task.WithMask is { } masked && SendsMask() ? masked : task.Sheet;
        foreach (var (field, value, json) in read.Given)
            if (sheet.Fields.Contains(field)) values.Set(field, value, json);
            else if (!task.Own.Contains(field))
                faults.Add(field, $"{field.Name} is for edits with a mask.", json, "absent, or with a mask");
        if (read.TryGet(GenerationFields.Model, out var model))
            values.Set(GenerationFields.Model, models.Of(model!), read.JsonOf(GenerationFields.Model)!.Value);
        if (task == OpenAiTask.Vary)
        {
            string prompt = read.TryGet(Own.OptionalPrompt, out var said) ? said! : "";
            values.Set(GenerationFields.Prompt, prompt, read.JsonOf(Own.OptionalPrompt) ?? Json("\"\""));
        }
        Count();
        Size(sheet);
        Pictures(sheet);
        Output();
        var share = read.TryGet(Own.Quality, out double asked) ? asked : 1;
        var wish = Wish();
        return (new(sheet, values, faults) { Defaults = of => DefaultsOf(of, share) }, wish);
    }

    // One that cannot be read is a mask too.
    private bool SendsMask() =>
        read.IsGiven(Own.Mask) || faults.Any(fault => fault.Field == Own.Mask.Name || fault.Field.StartsWith(Own.Mask.Name + ".", StringComparison.Ordinal));

    private void Count()
    {
        long count = read.TryGet(Own.N, out long given) ? given : 1;
        values.Set(GenerationFields.Count, count, read.JsonOf(Own.N) ?? Json("1"));
    }

    /// <summary>Who names a size gets it, without what the model does to its pictures by default.</summary>
    private void Size(TaskSheet sheet)
    {
        SizeField width = sheet == TaskSheet.Txt2Img ? GenerationFields.Width : EditFields.Width, height =
            sheet == TaskSheet.Txt2Img ? GenerationFields.Height : EditFields.Height;
        bool named = read.TryGet(Own.Size, out var size) && size != Own.Auto;
        if (values.IsGiven(width) || values.IsGiven(height))
        {
            defaults[FieldTable.Upscale] = UpscaleChoice.None;
            if (named)
                faults.Add(Own.Size, "size and width or height say the same: give one of them.", read.JsonOf(Own.Size), "auto, or without width and height");
        }
        else if (named)
        {
            defaults[FieldTable.Upscale] = UpscaleChoice.None;
            var json = read.JsonOf(Own.Size)!.Value;
            if (size!.Split('x') is [var w, var h] && Side(w) is { } wide && Side(h) is { } high)
            {
                values.Set(width, wide, json);
                values.Set(height, high, json);
            }
            else faults.Add(Own.Size, "size must be auto, or WIDTHxHEIGHT in pixels.", json, "auto, or such as 512x512");
        }
    }

    private static long? Side(string text) =>
        text.Length is > 0 and <= 6 && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long side) && side > 0 ? side : null;

    private void Pictures(TaskSheet sheet)
    {
        if (!task.TakesPictures) return;
        if (read.TryGet(Own.Image, out var image)) values.Set(EditFields.Image, image!, default);
        else if (body.Images == 0 && !faults.Any(fault => fault.Field.StartsWith("image", StringComparison.Ordinal)))
            faults.Add(new Fault(Own.Image.Name, $"{Own.Image.Name} is required.", null, "a picture"));
        if (body.Images > Own.MaxImages)
            faults.Add(new Fault(Own.Image.Name, $"{body.Images} pictures were sent; at most {Own.MaxImages} may be.", body.Images, $"1…{Own.MaxImages}"));
        else if (body.Images > 1)
            faults.Add(new Fault(Own.Image.Name,
                $"{body.Images} pictures were sent. The first is the one that is worked on, and no model here looks at others: send one.", body.Images, "1"));
        if (sheet == TaskSheet.Inpaint)
        {
            if (read.TryGet(Own.Mask, out var mask)) values.Set(EditFields.Mask, mask!, default);
            defaults[FieldTable.MaskMode] = "alpha";
            defaults[FieldTable.Strength] = MaskedStrength;
        }
        else if (task == OpenAiTask.Vary) defaults[FieldTable.Strength] = VariationStrength;
        else if (read.TryGet(Own.InputFidelity, out var fidelity) && fidelity == Own.High) defaults[FieldTable.Strength] = FaithfulStrength;
    }

    private void Output()
    {
        if (read.TryGet(Own.OutputFormat, out var format)) values.Set(GenerationFields.Format, format, read.JsonOf(Own.OutputFormat)!.Value);
        if (read.TryGet(Own.OutputCompression, out long quality))
        {
            var json = read.JsonOf(Own.OutputCompression)!.Value;
            if (read.TryGet(Own.OutputFormat, out var other) && other == Imaging.PictureFormat.Png && quality < 100)
                faults.Add(Own.OutputCompression, "output_compression is for jpeg and webp: a png loses nothing.", json, "100, or absent");
            values.Set(GenerationFields.Quality, Math.Max(1, quality), json);
        }
        if (read.TryGet(Own.Background, out var background) && background == Own.Transparent)
            faults.Add(Own.Background, "background cannot be transparent: models here make opaque pictures.", read.JsonOf(Own.Background), "auto or opaque");
    }

    private OpenAiWish Wish()
    {
        bool asUrl = read.TryGet(Own.ResponseFormat, out bool url) && url, streams = read.TryGet(Own.Stream, out bool stream) && stream;
        int partials = read.TryGet(Own.PartialImages, out long count) ? (int)count : 0;
        if (partials > 0 && !streams)
            faults.Add(Own.PartialImages, "partial_images needs stream: true.", read.JsonOf(Own.PartialImages), "0, or with stream");
        if (asUrl && streams)
            faults.Add(Own.ResponseFormat, "A stream carries the pictures themselves.", read.JsonOf(Own.ResponseFormat), "b64_json with stream");
        string quality = read.JsonOf(Own.Quality) is { ValueKind: JsonValueKind.String } given ? JsonText.Of(given) : Own.Auto;
        return new(asUrl, streams, partials, quality);
    }

    private ModelDefaults DefaultsOf(ModelDescription model, double share)
    {
        if (share == 1) return new(defaults);
        var type = (WholeType)FieldTable.Steps.Type;
        long own = (long)(model.Defaults.Find(FieldTable.Steps) ?? FieldTable.Steps.Default!);
        var steps = Math.Clamp((long)Math.Ceiling(own * share), type.Min, type.Max);
        return new(new Dictionary<FieldInfo, object>(defaults) { [FieldTable.Steps] = steps });
    }

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
