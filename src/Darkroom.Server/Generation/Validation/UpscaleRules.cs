using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Models.Catalog;
using Darkroom.Models.Upscaling;
using Fields = Darkroom.Server.Generation.Validation.GenerationFields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>Which upscaler is run on a picture, and whether its answer has room.</summary>
internal static class UpscaleRules
{
    /// <summary>The upscaling of each finished picture: as asked, else the model's default for txt2img; null for none.</summary>
    public static UpscaleOrder? AfterGeneration(
        FieldValues values, GenerationTask task, ModelDescription model, (int Width, int Height) picture, PictureFormat format,
        IUpscalerDirectory upscalers, FaultList faults, List<string> warnings)
    {
        if (!values.TryGet(Fields.Upscale, out var choice)) return task == GenerationTask.Txt2img ? OfModel(model, picture, format, upscalers, warnings) : null;
        if (choice is null or { Declines: true }) return null;
        var id = choice.Model ?? UpscalerCatalog.DefaultId;
        if (upscalers.Find(id) is not { } found)
        {
            faults.Add(new Fault("upscale.model", Unknown(id, upscalers), GivenValue.Shorten(id), Limit(upscalers)));
            return null;
        }
        if (found.Fault is { } fault) faults.Add(new Fault("upscale.model", $"Upscaler '{id}' cannot be used: {fault}", GivenValue.Shorten(id)));
        var order = new UpscaleOrder(id, choice.Scale ?? found.OwnFactor);
        if (NoRoom(picture, order, format) is { } reason) faults.Add(new Fault("upscale.scale", reason, order.Scale, MaxPixelsText));
        return order;
    }

    /// <summary>Why an answer is too large; null where it is not, or where the scale is not known before the upscaler was run.</summary>
    public static string? NoRoom((int Width, int Height) picture, UpscaleOrder order, PictureFormat format)
    {
        if (order.Scale is not { } scale) return null;
        var (width, height) = UpscalePasses.TargetOf(picture.Width, picture.Height, scale);
        var factor = scale.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var what = $"{picture.Width} x {picture.Height} at scale {factor} gives {width} x {height} pixels";
        if ((long)width * height > UpscalePasses.DefaultMaxPixels)
            return $"{what}, {(long)width * height} in all; at most {UpscalePasses.DefaultMaxPixels} are made.";
        var longest = format switch { PictureFormat.Webp => PictureEncoder.WebpMaxSide, PictureFormat.Jpeg => PictureEncoder.JpegMaxSide, _ => int.MaxValue };
        return Math.Max(width, height) > longest ? $"{what}; a {PictureFormats.NameOf(format)} file holds at most {longest} a side." : null;
    }

    public static string MaxPixelsText => $"at most {UpscalePasses.DefaultMaxPixels} pixels in the answer";

    public static string Unknown(string id, IUpscalerDirectory upscalers) =>
        $"There is no such upscaler.{Suggestion.Sentence(id, upscalers.All.Select(known => known.Id))}";

    public static string Limit(IUpscalerDirectory upscalers) =>
        upscalers.All.Count == 0 ? "this server has no upscalers" : "one of: " + string.Join(", ", upscalers.All.Select(known => known.Id));

    // A default that cannot be followed is said to be left out: the caller asked for a picture, not for it.
    private static UpscaleOrder? OfModel(ModelDescription model, (int Width, int Height) picture, PictureFormat format, IUpscalerDirectory upscalers,
        List<string> warnings)
    {
        if (!Fields.Upscale.TryDefault(model, out var own) || own is null or { Declines: true }) return null;
        var id = own.Model ?? UpscalerCatalog.DefaultId;
        var found = upscalers.Find(id);
        var order = new UpscaleOrder(id, own.Scale ?? found?.OwnFactor);
        var reason = found is null ? $"there is no upscaler '{id}'" : found.Fault ?? NoRoom(picture, order, format);
        if (reason is null) return order;
        warnings.Add($"the model's default upscale was left out: {reason}");
        return null;
    }
}
