using System.Globalization;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging.Metadata;
using Darkroom.Models.Catalog;

namespace Darkroom.Engine.Artifacts;

/// <summary>A picture's parameters in the text form that AUTOMATIC1111 writes and reads, with its names and its order.</summary>
internal static class PictureText
{
    public static string Of(GenerationRequest request, long seed, ModelDescription model, string modelHash) =>
        ParametersText.Write(request.Prompt, request.NegativePrompt ?? "", Fields(request, seed, model, modelHash));

    private static IEnumerable<KeyValuePair<string, string>> Fields(GenerationRequest request, long seed, ModelDescription model, string modelHash)
    {
        yield return new("Steps", Text(request.Steps));
        yield return new("Sampler", SamplerTitle(request, model));
        if (request.Schedule is { } schedule && schedule != ScheduleCatalog.Default)
            yield return new("Schedule type", ScheduleCatalog.All.First(info => info.Name == schedule).Title);
        yield return new("CFG scale", Text(request.GuidanceScale));
        yield return new("Seed", Text(seed));
        yield return new("Size", $"{Text(request.Width)}x{Text(request.Height)}");
        if (modelHash.Length >= 10)
            yield return new("Model hash", modelHash[..10]);
        yield return new("Model", model.Id);
        if (request.ClipSkip > 0)
            yield return new("Clip skip", Text(request.ClipSkip + 1)); // A1111 counts from 1
        if (request.NoiseSource == NoiseSource.TorchCpu)
            yield return new("RNG", "CPU");
        if (request.GuidanceRescale > 0)
            yield return new("CFG Rescale", Text(request.GuidanceRescale));
        if (request.Eta is { } eta)
            yield return new("Eta", Text(eta));
        yield return new("Version", "Darkroom");
    }

    private static string SamplerTitle(GenerationRequest request, ModelDescription model)
    {
        if (request.Sampler is { } name)
            return SamplerCatalog.Find(name)?.Title ?? name;
        return SamplerCatalog.OfClass(model.SamplerClass)?.Title ?? model.SamplerClass;
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
