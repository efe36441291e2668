using System.Globalization;
using Darkroom.Diffusion.Samplers;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Fields;

namespace Darkroom.Engine.Artifacts;

/// <summary>What a second pass adds to a picture's parameters, by AUTOMATIC1111's names and in its order.</summary>
internal static class HiresText
{
    public static IEnumerable<KeyValuePair<string, string>> Fields(GenerationRequest request)
    {
        if (request.Hires is not { } hires) yield break;
        if (hires.Sampler is { } sampler)
            yield return new("Hires sampler", sampler == FieldTable.OwnSampler ? sampler : SamplerCatalog.Find(sampler)?.Title ?? sampler);
        if (hires.Prompt is { } prompt && prompt != request.Prompt) yield return new("Hires prompt", prompt);
        if (hires.NegativePrompt is { } negative && negative != request.NegativePrompt) yield return new("Hires negative prompt", negative);
        yield return hires.Scale is { } scale ? new("Hires upscale", Text(scale)) : new("Hires resize", $"{Text(hires.Width)}x{Text(hires.Height)}");
        yield return new("Hires steps", Text(hires.Steps));
        yield return new("Hires upscaler", LatentUpscale.Find(hires.Upscaler)?.Title ?? hires.Upscaler);
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
