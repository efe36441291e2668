using System.Globalization;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Imaging.Metadata;
using Darkroom.Models.Catalog;
using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Quantising;

namespace Darkroom.Engine.Artifacts;

/// <summary>A picture's parameters in the text form that AUTOMATIC1111 writes and reads, with its names and its order.</summary>
public static class PictureText
{
    /// <summary>Name of the field that says which whole numbers a model computed with.</summary>
    public const string Precision = "Precision";

    /// <summary>What a model computes with of which that field says nothing: what its graph has is in its content hash.</summary>
    public const string Float = "floating point";

    private static readonly string[] WholeNumbers = [WeightPrecision.Int8.Word(), WeightPrecision.Int4.Word()];

    /// <summary>Who wrote it.</summary>
    internal static readonly KeyValuePair<string, string> Version = new("Version", "Darkroom");

    /// <summary>What a model computes with: int8, int4, or <see cref="Float"/>.</summary>
    public static string PrecisionOf(ModelDescription model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Capabilities.Precision is { } precision && WholeNumbers.Contains(precision) ? precision : Float;
    }

    /// <param name="request">What was asked.</param>
    /// <param name="seed">The picture's own.</param>
    /// <param name="model">What ran it.</param>
    /// <param name="modelHash">Content hash of it, or nothing.</param>
    /// <param name="picture">As it was finished, upscaled where that was asked.</param>
    /// <param name="index">Which picture of the request.</param>
    public static string Of(GenerationRequest request, long seed, ModelDescription model, string modelHash, Picture picture, int index = 0)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(picture);
        return Of(request, seed, model, modelHash, index, OfUpscaling(request, picture));
    }

    /// <summary>The same of a picture that no upscaler enlarged, which need not be at hand.</summary>
    public static string Of(GenerationRequest request, long seed, ModelDescription model, string modelHash, int index = 0)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Of(request, seed, model, modelHash, index, []);
    }

    /// <summary>What an upscaler did, with the names of A1111's Extras; nothing where there was none.</summary>
    internal static IReadOnlyList<KeyValuePair<string, string>> OfUpscaling(GenerationRequest request, Picture picture) =>
        request.Upscale is not { } order ? [] :
    [
        new("Postprocess upscale by", Text(order.Scale ?? (double)picture.Width / request.Finished.Width)), // without a scale it was the upscaler's own
        new("Postprocess upscaler", order.Model),
    ];

    private static string Of(
        GenerationRequest request, long seed, ModelDescription model, string modelHash, int index, IReadOnlyList<KeyValuePair<string, string>> upscaling) =>
        ParametersText.Write(request.Prompt + Tags(request), request.NegativePrompt ?? "", Fields(request, seed, model, modelHash, index, upscaling));

    private static IEnumerable<KeyValuePair<string, string>> Fields(
        GenerationRequest request, long seed, ModelDescription model, string modelHash, int index, IReadOnlyList<KeyValuePair<string, string>> upscaling)
    {
        yield return new("Steps", Text(request.Steps));
        yield return new("Sampler", SamplerTitle(request, model));
        if (ScheduleTitle(request, model) is { } schedule)
            yield return new("Schedule type", schedule);
        yield return new("CFG scale", Text(request.GuidanceScale));
        yield return new("Seed", Text(seed));
        yield return new("Size", $"{Text(request.Width)}x{Text(request.Height)}");
        if (modelHash.Length >= 10)
            yield return new("Model hash", modelHash[..10]);
        yield return new("Model", model.Id);
        foreach (var field in NoiseText.Seeds(request, index)) yield return field;
        if (request is { Edit: { } edit, Denoise: null })
            yield return new("Denoising strength", Text(edit.Strength));
        else if (request.Hires is { } second)
            yield return new("Denoising strength", Text(second.Strength));
        if (request.ClipSkip > 0)
            yield return new("Clip skip", Text(request.ClipSkip + 1)); // A1111 counts from 1
        if (request.NoiseSeedOffset != 0)
            yield return new("ENSD", Text(request.NoiseSeedOffset));
        if (request.NoiseSource == NoiseSource.TorchCpu)
            yield return new("RNG", "CPU");
        if (request.Tiling != WrapAxes.None)
            yield return new("Tiling", request.Tiling switch { WrapAxes.X => "x", WrapAxes.Y => "y", _ => "True" });
        if (request.GuidanceRescale > 0)
            yield return new("CFG Rescale", Text(request.GuidanceRescale));
        foreach (var field in NoiseText.Sampling(request).Concat(OwnText.Fields(request, model))) yield return field;
        if (request.Vae is { } vae)
        {
            if (vae.Hash is { } sum) yield return new("VAE hash", sum[..10]);
            yield return new("VAE", vae.Id);
        }
        if (request.Loras is { Count: > 0 } loras && loras.All(lora => lora.Hash is not null))
            yield return new("Lora hashes", string.Join(", ", loras.Select(lora => $"{lora.Id}: {lora.Hash![..12]}")));
        for (int i = 0; i < (request.Controls?.Count ?? 0); i++)
            yield return new($"ControlNet {Text(i)}", ControlText(request.Controls![i]));
        if (request.Embeddings is { Count: > 0 } embeddings && embeddings.All(one => one.Hash is not null))
            yield return new("TI hashes", string.Join(", ", embeddings.Select(one => $"{one.Id}: {one.Hash![..12]}")));
        foreach (var field in EditText.Fields(request.Edit).Concat(EditText.Fields(request.Denoise)).Concat(HiresText.Fields(request)).Concat(upscaling))
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

    /// <summary>
    /// Null: "Automatic". What that means to A1111 may be another rule than the class's own levels, which stand at even distances as its "Uniform" does: then
    /// that is said. No schedule has this title here, so that it is read back as what it was.
    /// </summary>
    private static string? ScheduleTitle(GenerationRequest request, ModelDescription model)
    {
        if (NoiseText.ScheduleOf(request) is { } schedule) return ScheduleCatalog.All.First(info => info.Name == schedule).Title;
        var sampler = request.Sampler is { } name ? SamplerCatalog.Find(name) : SamplerCatalog.OfClass(model.SamplerClass);
        return request.Compatibility != Compatibility.A1111 && sampler is { AutomaticSchedule: "karras" or "exponential" } ? "Uniform" : null;
    }

    private static string SamplerTitle(GenerationRequest request, ModelDescription model)
    {
        if (request.Sampler is { } name)
            return SamplerCatalog.Find(name)?.Title ?? name;
        return SamplerCatalog.OfClass(model.SamplerClass)?.Title ?? model.SamplerClass;
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
