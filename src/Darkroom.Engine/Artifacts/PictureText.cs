using System.Globalization;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Imaging.Metadata;
using Darkroom.Models.Catalog;

namespace Darkroom.Engine.Artifacts;

/// <summary>A picture's parameters in the text form that AUTOMATIC1111 writes and reads, with its names and its order.</summary>
internal static class PictureText
{
    /// <summary>Who wrote it.</summary>
    public static readonly KeyValuePair<string, string> Version = new("Version", "Darkroom");

    /// <param name="request">What was asked.</param>
    /// <param name="seed">The picture's own.</param>
    /// <param name="model">What ran it.</param>
    /// <param name="modelHash">Content hash of it, or nothing.</param>
    /// <param name="picture">As it was finished, upscaled where that was asked.</param>
    public static string Of(GenerationRequest request, long seed, ModelDescription model, string modelHash, Picture picture) =>
        ParametersText.Write(request.Prompt + Tags(request), request.NegativePrompt ?? "", Fields(request, seed, model, modelHash, picture));

    /// <summary>What an upscaler did, with the names of A1111's Extras; nothing where there was none.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> OfUpscaling(GenerationRequest request, Picture picture) => request.Upscale is not { } order ? [] :
    [
        new("Postprocess upscale by", Text(order.Scale ?? (double)picture.Width / request.Finished.Width)), // without a scale it was the upscaler's own
        new("Postprocess upscaler", order.Model),
    ];

    private static IEnumerable<KeyValuePair<string, string>> Fields(
        GenerationRequest request, long seed, ModelDescription model, string modelHash, Picture picture)
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
        if (request.Edit is { } edit)
            yield return new("Denoising strength", Text(edit.Strength));
        if (request.ClipSkip > 0)
            yield return new("Clip skip", Text(request.ClipSkip + 1)); // A1111 counts from 1
        if (request.NoiseSource == NoiseSource.TorchCpu)
            yield return new("RNG", "CPU");
        if (request.GuidanceRescale > 0)
            yield return new("CFG Rescale", Text(request.GuidanceRescale));
        if (request.Eta is { } eta)
            yield return new("Eta", Text(eta));
        if (request.Loras is { Count: > 0 } loras && loras.All(lora => lora.Hash is not null))
            yield return new("Lora hashes", string.Join(", ", loras.Select(lora => $"{lora.Id}: {lora.Hash![..12]}")));
        for (int i = 0; i < (request.Controls?.Count ?? 0); i++)
            yield return new($"ControlNet {Text(i)}", ControlText(request.Controls![i]));
        if (request.Embeddings is { Count: > 0 } embeddings && embeddings.All(one => one.Hash is not null))
            yield return new("TI hashes", string.Join(", ", embeddings.Select(one => $"{one.Id}: {one.Hash![..12]}")));
        foreach (var field in EditText.Fields(request.Edit).Concat(OfUpscaling(request, picture)))
            yield return field;
        yield return Version;
    }

    /// <summary>A1111's place for LoRAs: the prompt, whatever of the request named them. Two weights are the text encoders', then the denoiser's.</summary>
    private static string Tags(GenerationRequest request) => string.Concat((request.Loras ?? []).Select(lora =>
        $" <lora:{lora.Id}:{(lora.TextWeight is { } text ? $"{Text(text)}:" : "")}{Text(lora.Weight)}>"));

    /// <summary>As its extension for ControlNets writes it. What it calls "ControlNet is more important" is what diffusers calls guess mode.</summary>
    private static string ControlText(ControlOrder control) =>
        $"Module: none, Model: {control.Model}, Weight: {Text(control.Weight)}, Resize Mode: Just Resize, Guidance Start: {Text(control.Start)}, "
        + $"Guidance End: {Text(control.End)}, Control Mode: {(control.Guess ? "ControlNet is more important" : "Balanced")}";

    private static string SamplerTitle(GenerationRequest request, ModelDescription model)
    {
        if (request.Sampler is { } name)
            return SamplerCatalog.Find(name)?.Title ?? name;
        return SamplerCatalog.OfClass(model.SamplerClass)?.Title ?? model.SamplerClass;
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
