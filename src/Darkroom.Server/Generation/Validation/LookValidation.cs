using Darkroom.Engine.Jobs;
using Darkroom.Engine.Programs;
using Darkroom.Imaging;
using Darkroom.Imaging.Resize;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Fields = Darkroom.Server.Generation.Validation.GenerationFields;
using Looks = Darkroom.Server.Generation.Validation.LookFields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>From an order that looks at a picture to a valid one, or to the failure with every fault at once.</summary>
internal sealed class LookValidation(IModelDirectory models, ISeedSource seeds, RequestLimits limits, WebhookRules webhooks)
{
    // What a request leaves out is the server's to decide: a model's defaults are for pictures that it paints.
    private static readonly ModelDescription NoModel = new() { Id = "", Title = "" };

    public Validated Validate(GenerationOrder order)
    {
        var (sheet, values, faults) = (order.Sheet, order.Values, order.Faults);
        var webhook = webhooks.Of(values, faults);
        var choice = ModelChoice.Of(values, models);
        if (choice.Model is not { Fault: null } model) return faults.Count > 0 ? Refusal.Of(faults, choice.Fault) : choice.Failure!;

        values.Check(model, faults, models);
        ModelRules.CheckTask(values, model, sheet.Task, models, faults);
        var classify = sheet.Task == GenerationTask.Classify ? LookRules.Classify(values, model, faults) : null;
        var features = sheet.Task == GenerationTask.Features ? LookRules.Features(values, model, faults) : null;
        if (model is { ReadsText: false } && values.TryGet(Looks.Prompt, out var prompt) && prompt is { Length: > 0 })
            faults.Add(Looks.Prompt, $"Model '{model.Id}' reads no prompt.", null, "absent, or empty");
        if (faults.Count > 0 || !values.TryGet(Looks.Image, out var sent)) return Refusal.Of(faults);
        if (choice.Failure is { } unusable) return unusable;

        var warnings = new List<string>();
        var picture = sent!.For(model);
        var format = order.FormatOf(
            values.TryGet(Fields.Format, out var wanted) ? wanted : model.PictureChannels is 1 or 3 ? PictureFormat.Png : PictureFormat.Npy);
        var depth = sheet == TaskSheet.Denoise ? ValueRules.BitDepth(values, NoModel, sheet.Task, format, faults, warnings) : 8;
        if (sheet == TaskSheet.Denoise) ValueRules.CheckFormat(values, model, format, faults);
        // Values are never resized; what a picture of colours shows is best known at the size of those that a model was trained on.
        var (width, height) = sheet == TaskSheet.Classify && model.HasColours && picture.Header.Format != PictureFormat.Npy
            ? PictureSizes.AsTrained(picture, model, warnings) : PictureSizes.Of(picture, null, null, model, warnings);
        var request = new GenerationRequest
        {
            Task = sheet.Task,
            Model = model.Id,
            Prompt = sheet == TaskSheet.Denoise || sheet == TaskSheet.Features ? values.Resolve(Looks.Prompt, NoModel) ?? "" : "",
            PromptStyle = PromptStyle.Plain,
            Width = width,
            Height = height,
            Steps = StepsOf(sheet) is { } steps ? (int)values.Resolve(steps, NoModel) : 1,
            GuidanceScale = model.Capabilities.EmbedsGuidance ? values.Resolve(Fields.GuidanceScale, model)!.Value : 1,
            EmbedsGuidance = model.Capabilities.EmbedsGuidance,
            Sampler = "euler",
            Seed = values.Resolve(Fields.Seed, NoModel) is var seed and not FieldTable.DrawnSeed ? seed : seeds.Next(FieldTable.MaxSeed),
            MaxTextTokens = model.TextTokens,
            Edit = new() { Picture = PicturePlan.Unkept(picture), Strength = 1, Fit = ResizeMode.Stretch },
            Denoise = sheet == TaskSheet.Denoise
                ? new(values.TryGet(Looks.Noise, out var noise) ? noise : null, values.Resolve(Looks.Strength, NoModel)!.Value) : null,
            Classify = classify,
            Likelihood = sheet == TaskSheet.Likelihood ? new((int)values.Resolve(Looks.Probes, NoModel)) : null,
            Features = features,
            Format = format,
            BitDepth = depth,
            Channels = model.PictureChannels,
            Quality = (int)values.Resolve(Fields.Quality, NoModel),
            Metadata = values.Resolve(Fields.Metadata, NoModel),
            Priority = values.Resolve(Fields.Priority, NoModel),
            Deadline = values.Resolve(Fields.Deadline, NoModel),
            Webhook = webhook,
        };
        ValueRules.CheckSent(new(width, height, (width, height), request.Edit, [new(Looks.Image, picture)]), model, request.KeepsValues, faults);
        WorkRules.Check(RequestWork.Of(request, model, null), request, model, limits, faults);
        if (faults.Count > 0) return Refusal.Of(faults);
        ModelRules.CompareHash(values, models.StatusOf(model.Id), warnings);
        return new ValidOrder(request, warnings, values.Resolve(Fields.Return, NoModel), [new(Looks.Image, picture)]);
    }

    /// <summary>Null: one evaluation is all.</summary>
    private static WholeField? StepsOf(TaskSheet sheet) => sheet.Task switch
    {
        GenerationTask.Denoise => Looks.DenoiseSteps,
        GenerationTask.Classify => Looks.Trials,
        GenerationTask.Likelihood => Looks.LikelihoodSteps,
        _ => null,
    };
}
