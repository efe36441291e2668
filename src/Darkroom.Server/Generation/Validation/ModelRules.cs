using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;

namespace Darkroom.Server.Generation.Validation;

/// <summary>What a request asks of its model that it may not do, not read, or not be any more.</summary>
internal static class ModelRules
{
    /// <summary>Not every model does every task: one that does not is told why, as far as that is known, and which here do.</summary>
    public static void CheckTask(FieldValues values, ModelDescription model, GenerationTask task, IModelDirectory models, FaultList faults)
    {
        var name = WireNames.Of(task);
        if (model.Tasks.Contains(name)) return;
        var reason = ReasonOf(task, model) is { } why ? $": {why}" : "";
        var able = AbleModels.Of(models, other => other.Tasks.Contains(name)) is { } ids ? $"Models here that do: {ids}." : "No model here does.";
        faults.Add(GenerationFields.Model, $"Model '{model.Id}' does not do {name}{reason}. It does {string.Join(", ", model.Tasks)}. {able}",
            values.JsonOf(GenerationFields.Model), $"a model with task {name}");
    }

    private static string? ReasonOf(GenerationTask task, ModelDescription model) => task switch
    {
        GenerationTask.Inpaint or GenerationTask.Outpaint when !model.HasColours =>
            $"its pictures have {model.PictureChannels} channel{(model.PictureChannels == 1 ? "" : "s")}, and masks are laid over colours",
        GenerationTask.Classify when model is { ReadsText: false, Classes: null } => "it reads neither texts nor classes",
        _ when model.SeesMask => "it is made to repaint what a mask marks",
        _ when model.ShowsPicture => "it is made to edit pictures by instruction",
        GenerationTask.Txt2img => null,
        _ when !TakesPictures(model) => "it has no encoder that a picture could go through",
        GenerationTask.Denoise or GenerationTask.Classify or GenerationTask.Likelihood or GenerationTask.Features =>
            $"its noise levels ({model.SamplerClass}) are no list of timesteps",
        _ => null,
    };

    // A transformer of classes takes a picture to look at, and none to paint on.
    private static bool TakesPictures(ModelDescription model) =>
        model.Tasks.Contains(WireNames.Of(GenerationTask.Img2img)) || model.Tasks.Contains(WireNames.Of(GenerationTask.Denoise));

    /// <summary>A prompt is needed by every model that reads one, and refused by the others; a class by those that were trained on classes.</summary>
    public static void CheckPrompt(FieldValues values, ModelDescription? model, TaskSheet sheet, FaultList faults)
    {
        var given = values.TryGet(GenerationFields.Prompt, out var prompt);
        if (model is not { Fault: null, ReadsText: false })
        {
            // A body that is no object has one fault, not one for each field.
            if (!given && !faults.Any(fault => fault.Field is "" || fault.Field == GenerationFields.Prompt.Name))
                faults.Add(GenerationFields.Prompt, $"{GenerationFields.Prompt.Name} is required.", null);
            return;
        }
        if (prompt is { Length: > 0 }) faults.Add(GenerationFields.Prompt, $"Model '{model.Id}' reads no prompt.", null, "absent, or empty");
        if (values.TryGet(GenerationFields.NegativePrompt, out var negative) && negative is { Length: > 0 })
            faults.Add(GenerationFields.NegativePrompt, $"Model '{model.Id}' reads no prompt.", null, "absent, or empty");
        if (model.Classes is { } classes && sheet.Task == GenerationTask.Txt2img && !values.TryResolve(GenerationFields.ClassLabel, model, out _)
            && !faults.Any(fault => fault.Field == GenerationFields.ClassLabel.Name))
            faults.Add(GenerationFields.ClassLabel, $"Model '{model.Id}' needs a {GenerationFields.ClassLabel.Name}.", null, $"0…{classes - 1}");
    }

    /// <summary>Warns where the picture was asked of a model that has changed since.</summary>
    public static void CompareHash(FieldValues values, ModelStatus status, List<string> warnings)
    {
        if (values.TryGet(GenerationFields.ModelHash, out var wanted) && status.ContentHash is { } hash
            && !string.Equals(wanted, hash, StringComparison.OrdinalIgnoreCase))
            warnings.Add("model_hash differs: the model has changed, and the picture may differ with it");
    }

    /// <summary>The layers left out; a model's own default that its text encoder does not allow is said to be left out, not silently dropped.</summary>
    public static int ClipSkip(FieldValues values, ModelDescription model, List<string> warnings)
    {
        var skip = values.Resolve(GenerationFields.ClipSkip, model);
        if (model.Capabilities.MaxClipSkip is not { } max || skip <= max) return (int)skip;
        warnings.Add($"the model's default clip_skip {skip} was left out: its text encoder allows {max} at most");
        return 0;
    }
}
