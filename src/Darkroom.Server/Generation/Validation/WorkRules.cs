using System.Globalization;
using System.Text.Json.Nodes;
using Darkroom.Engine.Programs;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Fields = Darkroom.Server.Generation.Validation.GenerationFields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>
/// How much work a request that is right otherwise may ask for. Nothing that a caller sends may keep a device busy, or memory taken, without a bound that is
/// known before it starts.
/// </summary>
internal static class WorkRules
{
    private const double MiB = 1024 * 1024;

    /// <summary>Adds a fault for every limit that is exceeded, under the field that does most to it.</summary>
    /// <param name="work">What the request asks for.</param>
    /// <param name="request">The request.</param>
    /// <param name="model">Its model; null for a task that has none.</param>
    /// <param name="limits">What it may ask for.</param>
    /// <param name="faults">Takes what is wrong.</param>
    public static void Check(RequestWork work, GenerationRequest request, ModelDescription? model, RequestLimits limits, FaultList faults)
    {
        if (model is not null) CheckTexts(work, model, limits, faults);
        if (work.Tiles > limits.Tiles)
        {
            bool alone = request.Task == GenerationTask.Upscale;
            faults.Add(new Fault(
                alone ? UpscaleFields.Scale.Name : request.Upscale is null ? $"{Fields.Hires.Name}.upscaler" : Fields.Upscale.Name,
                Text($"Upscaler '{string.Join("', then '", request.Upscalers)}' would run on {work.Tiles} tiles{Pictures(request.Count)}; ")
                + Text($"at most {limits.Tiles} may be.")
                + (alone ? " A smaller picture or scale, or a larger tile, takes fewer." : " A smaller picture, scale or count takes fewer; null runs none."),
                JsonValue.Create(work.Tiles), Text($"at most {limits.Tiles} tiles")));
        }
        if (work.MegapixelSteps > limits.MegapixelSteps)
            faults.Add(new Fault(
                request.Classify is null ? Fields.Steps.Name : LookFields.Trials.Name,
                Text($"{Steps(request)}{Windows(work.Windows)}{Pictures(request.Count)} come to {work.MegapixelSteps:0.#} megapixel-steps; ")
                + Text($"at most {limits.MegapixelSteps} are run for a request. {Less(request)}"),
                JsonValue.Create(Math.Round(work.MegapixelSteps, 1)), Text($"at most {limits.MegapixelSteps} megapixel-steps")));
    }

    private static void CheckTexts(RequestWork work, ModelDescription model, RequestLimits limits, FaultList faults)
    {
        // Told under the prompt that is read in more different texts.
        var field = 2 * work.NegativeTexts > work.Texts ? Fields.NegativePrompt : Fields.Prompt;
        var what = Text($"The prompts are read as {work.Texts} different texts of up to {work.ChunksPerText} chunks of {model.TokenLength} tokens");
        const string Less = "Shorter texts or fewer alternatives take less.";
        if (work.TextChunks > limits.TextChunks)
            faults.Add(new Fault(
                field.Name, Text($"{what}, {work.TextChunks} in all; at most {limits.TextChunks} are encoded for a request. {Less}"),
                JsonValue.Create(work.TextChunks), Text($"at most {limits.TextChunks} chunks in all different texts")));
        if (work.TextBytes > limits.TextMiB * MiB)
            faults.Add(new Fault(
                field.Name,
                Text($"{what}, which model '{model.Id}' turns into {work.TextBytes / MiB:0} MiB; at most {limits.TextMiB} are kept for a request. {Less}"),
                JsonValue.Create(Math.Ceiling(work.TextBytes / MiB)), Text($"at most {limits.TextMiB} MiB of encoded texts")));
    }

    private static string Steps(GenerationRequest request) => request switch
    {
        { Classify: { } classify } => Text($"{request.Steps} trials of {classify.Candidates.Count} candidates"),
        { Likelihood: { } likelihood } => Text($"{request.Steps} steps of {likelihood.Probes} probes"),
        _ => Text($"{request.StepsShown} steps"),
    };

    private static string Less(GenerationRequest request) => request switch
    {
        { Classify: not null } => "Fewer trials, fewer candidates or a smaller picture take fewer.",
        { Likelihood: not null } => "Fewer steps, fewer probes or a smaller picture take fewer.",
        _ => "Fewer steps, a smaller size or a smaller count take fewer.",
    };

    private static string Windows(int windows) => windows == 1 ? "" : Text($" in each of {windows} windows");

    private static string Pictures(int count) => count == 1 ? "" : Text($" for {count} pictures");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
