using System.Globalization;
using Darkroom.Diffusion.Guidance;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;

namespace Darkroom.Engine.Artifacts;

/// <summary>What A1111 has no field for, and a picture is not made again without.</summary>
internal static class OwnText
{
    public static IEnumerable<KeyValuePair<string, string>> Fields(GenerationRequest request, ModelDescription model)
    {
        if (request.PromptStyle == PromptStyle.Plain)
            yield return new("Prompt style", "plain");
        if (request.GuidanceInterval != GuidanceInterval.Whole)
            yield return new("Guidance interval", $"{Text(request.GuidanceInterval.From)}-{Text(request.GuidanceInterval.To)}");
        if (request.Cache is { } cache)
            yield return new("Cache", $"{cache.Method.ToString().ToLowerInvariant()} {Text(cache.Threshold)}");
        foreach (var (name, text) in ((string, string?)[])[("Prompt 2", request.Prompt2), ("Negative prompt 2", request.NegativePrompt2)])
            if (text is not null) yield return new(name, text);
        foreach (var (name, pair) in ((string, PixelPair?)[])[("Original size", request.OriginalSize), ("Target size", request.TargetSize),
            ("Crop", request.Crop), ("Negative original size", request.NegativeOriginalSize), ("Negative target size", request.NegativeTargetSize),
            ("Negative crop", request.NegativeCrop)])
            if (pair is { } pixels) yield return new(name, $"{Text(pixels.X)}x{Text(pixels.Y)}");
        foreach (var (name, number) in ((string, IFormattable?)[])[("Text tokens", request.MaxTextTokens), ("True CFG scale", request.TrueGuidanceScale),
            ("Image CFG scale", request.ImageGuidanceScale), ("Shift", request.Shift), ("Class label", request.ClassLabel)])
            if (number is not null) yield return new(name, Text(number));
        if (request.Format != PictureFormat.Png && request.Quality != FieldTable.DefaultQuality)
            yield return new("Quality", Text(request.Quality));
        // Where it is the server's default it goes without saying, unless the model has another.
        if (request.BitDepth != 8 || model.Defaults.Find(FieldTable.BitDepth) is not null)
            yield return new("Bit depth", Text(request.BitDepth));
        if (PictureText.PrecisionOf(model) is var precision and not PictureText.Float)
            yield return new(PictureText.Precision, precision);
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
