using Darkroom.Engine.Programs;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Models.ControlNets;
using Darkroom.Models.Embeddings;
using Darkroom.Models.Fields;
using Darkroom.Models.Loras;
using Darkroom.Models.Upscaling;
using Fields = Darkroom.Server.Generation.Validation.GenerationFields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>From an order that a diffusion model answers to a valid one, or to the failure with every fault at once.</summary>
internal sealed class GenerationValidation(
    IModelDirectory models, IUpscalerDirectory upscalers, ILoraDirectory loras, IEmbeddingDirectory embeddings, ISeedSource seeds, RequestLimits limits,
    WebhookRules webhooks, IControlNetDirectory? controlNets = null)
{
    // What a request leaves out is asked of a model, and where none is found there is none.
    private static readonly ModelDescription NoModel = new() { Id = "", Title = "" };

    public Validated Validate(GenerationOrder order)
    {
        var (sheet, values, faults) = (order.Sheet, order.Values, order.Faults);
        var webhook = webhooks.Of(values, faults);
        var choice = ModelChoice.Of(values, models);
        SeedRules.Check(values, choice.Model ?? NoModel, faults);
        ModelRules.CheckPrompt(values, choice.Model, sheet, faults);
        if (choice.Model is not { Fault: null } model) return faults.Count > 0 ? Refusal.Of(faults, choice.Fault) : choice.Failure!;

        values.Check(model, faults);
        ModelRules.CheckTask(values, model, sheet.Task, faults);
        var warnings = new List<string>();
        var plan = PicturePlan.Of(sheet.Task, values, model, limits, faults, warnings);
        var merged = LoraRules.Of(values, model, loras, faults, warnings);
        var format = order.FormatOf(values.Resolve(Fields.Format, model));
        var upscale = plan is null ? null : UpscaleRules.AfterGeneration(values, sheet.Task, model, plan.Answer, format, upscalers, faults, warnings);
        var sampler = SamplerNames.Of(values, model);
        SamplingRules.CheckFlow(values, model, sampler, faults);
        var schedule = SamplingRules.Schedule(values, model, sampler, faults);
        var change = SamplingRules.Change(plan?.Change, model, sampler);
        var steps = SamplingRules.Steps(values, model, sampler, change, faults, warnings);
        var named = EmbeddingRules.Of(values, model, merged, Math.Max(1, steps), embeddings, faults, warnings);
        var controls = ControlRules.Of(values, model, controlNets, faults);
        SamplingRules.UnderMask(sheet.Task, values, model, sampler, faults);
        if (plan is null || faults.Count > 0) return Refusal.Of(faults);
        if (choice.Failure is { } unusable) return unusable;

        SamplingRules.Suit(model, sampler, warnings);
        var count = order.CountOf(values.Resolve(Fields.Count, model));
        var request = new GenerationRequest
        {
            Task = sheet.Task,
            Model = model.Id,
            Prompt = merged.Prompt,
            NegativePrompt = values.Resolve(Fields.NegativePrompt, model),
            Width = plan.Width,
            Height = plan.Height,
            Steps = steps,
            GuidanceScale = values.Resolve(Fields.GuidanceScale, model)!.Value,
            EmbedsGuidance = model.Capabilities.EmbedsGuidance,
            GuidanceRescale = values.Resolve(Fields.GuidanceRescale, model)!.Value,
            GuidanceInterval = values.Resolve(Fields.GuidanceInterval, model),
            Sampler = sampler,
            Schedule = schedule,
            Eta = SamplingRules.Eta(values, model, sampler, warnings),
            Seed = values.Resolve(Fields.Seed, model) is var seed and not FieldTable.DrawnSeed ? seed : seeds.Next(FieldTable.MaxSeed - (count - 1)),
            Count = count,
            NoiseSource = values.Resolve(Fields.NoiseSource, model),
            ClipSkip = ModelRules.ClipSkip(values, model, warnings),
            PromptStyle = values.Resolve(Fields.PromptStyle, model),
            Compatibility = values.Resolve(Fields.Compatibility, model),
            Format = format,
            Quality = (int)values.Resolve(Fields.Quality, model),
            Metadata = values.Resolve(Fields.Metadata, model),
            Edit = change,
            Controls = controls,
            Upscale = upscale,
            Priority = values.Resolve(Fields.Priority, model),
            Deadline = values.Resolve(Fields.Deadline, model),
            Webhook = webhook,
            Prompt2 = merged.Prompt2,
            Loras = merged.Orders,
            Embeddings = named.Orders,
            EmbeddingTokens = named.Tokens,
            NegativePrompt2 = values.Resolve(Fields.NegativePrompt2, model),
            OriginalSize = values.Resolve(Fields.OriginalSize, model),
            TargetSize = values.Resolve(Fields.TargetSize, model),
            Crop = values.Resolve(Fields.Crop, model),
            NegativeOriginalSize = values.Resolve(Fields.NegativeOriginalSize, model),
            NegativeTargetSize = values.Resolve(Fields.NegativeTargetSize, model),
            NegativeCrop = values.Resolve(Fields.NegativeCrop, model),
            MaxTextTokens = (int?)values.Resolve(Fields.MaxTextTokens, model),
            TrueGuidanceScale = values.Resolve(Fields.TrueGuidanceScale, model),
            Shift = values.Resolve(Fields.Shift, model),
            ImageGuidanceScale = sheet.Task == GenerationTask.Img2img ? values.Resolve(Fields.ImageGuidanceScale, model) : null,
            ClassLabel = sheet.Task == GenerationTask.Txt2img ? (int?)values.Resolve(Fields.ClassLabel, model) : null,
            PreviewEvery = (int)values.Resolve(Fields.PreviewEvery, model),
        };
        var upscaler = upscale is null ? null : upscalers.Find(upscale.Model);
        WorkRules.Check(RequestWork.Of(request, model, upscaler), request, model, limits, faults);
        if (faults.Count > 0) return Refusal.Of(faults);
        SamplingRules.KnownBad(request, model, warnings);
        GuidanceRules.Warn(values, request, model, warnings);
        ModelRules.CompareHash(values, models.StatusOf(model.Id), warnings);
        return new ValidOrder(request, warnings, values.Resolve(Fields.Return, model), [.. plan.Pictures, .. ControlRules.PicturesOf(values)]);
    }
}
