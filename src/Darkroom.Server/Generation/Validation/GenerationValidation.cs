using Darkroom.Engine.Programs;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Models.Embeddings;
using Darkroom.Models.Fields;
using Darkroom.Models.Loras;
using Darkroom.Models.Upscaling;
using Fields = Darkroom.Server.Generation.Validation.GenerationFields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>From an order that a diffusion model answers to a valid one, or to the failure with every fault at once.</summary>
internal sealed class GenerationValidation(
    IModelDirectory models, IUpscalerDirectory upscalers, ILoraDirectory loras, IEmbeddingDirectory embeddings, ISeedSource seeds, RequestLimits limits,
    WebhookRules webhooks, AddedParts? parts = null)
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

        values.Check(model, faults, models);
        ModelRules.CheckTask(values, model, sheet.Task, models, faults);
        var warnings = new List<string>();
        var merged = LoraRules.Of(values, CompatibilityDefaults.Of(values, model), loras, faults, warnings);
        model = order.Of(CompatibilityDefaults.Of(values, LoraDefaults.Of(merged.Orders, values, model, loras, warnings)));
        var plan = PicturePlan.Of(sheet.Task, values, model, limits, faults, warnings);
        var vae = VaeRules.Of(values, model, sheet.Task, plan, parts?.Autoencoders, faults, warnings);
        var format = ValueRules.Format(values, model, sheet.Task, order.FormatOf(values.Resolve(Fields.Format, model)), warnings);
        var depth = ValueRules.BitDepth(values, model, sheet.Task, format, faults, warnings);
        ValueRules.CheckFormat(values, model, format, faults);
        var sampler = SamplerNames.Of(values, model);
        CompatibilityRules.Check(values, model, sampler, faults);
        SamplingRules.CheckFlow(values, model, sampler, faults);
        NoiseRules.Check(values, model, sampler, faults);
        var schedule = SamplingRules.Schedule(values, model, sampler, faults);
        var change = CompatibilityRules.Change(SamplingRules.Change(plan?.Change, model, sampler), values, model, faults);
        var steps = SamplingRules.Steps(values, model, sampler, change, faults, warnings);
        var hires = new HiresRules(values, model, upscalers, faults, warnings)
            .Of(plan, sampler, steps, vae is null ? null : parts?.Autoencoders?.Find(vae.Id));
        var upscale = plan is null ? null
            : UpscaleRules.AfterGeneration(
                values, sheet.Task, model, hires is null ? plan.Answer : (hires.Width, hires.Height), format, upscalers, faults, warnings);
        upscale = ValueRules.Check(values, model, (format, depth), plan, upscale, hires, faults, warnings);
        var named = EmbeddingRules.Of(values, model, merged, Math.Max(1, steps), embeddings, faults, warnings, hires);
        var controls = ControlRules.Of(values, model, parts?.ControlNets, faults);
        var tiling = TilingRules.Of(values, model, change, faults);
        var explain = ExplainRules.Of(values, model, merged.Prompt, change, faults, warnings);
        var cache = CacheRules.Of(values, model, sampler, hires, faults);
        SamplingRules.UnderMask(sheet.Task, values, model, sampler, faults);
        if (plan is null || faults.Count > 0) return Refusal.Of(faults);
        if (choice.Failure is { } unusable) return unusable;

        SamplingRules.Suit(model, sampler, warnings);
        var count = order.CountOf(values.Resolve(Fields.Count, model));
        var compatibility = values.Resolve(Fields.Compatibility, model);
        var request = new GenerationRequest
        {
            Task = sheet.Task,
            Model = model.Id,
            Prompt = merged.Prompt,
            NegativePrompt = CompatibilityRules.Negative(values.Resolve(Fields.NegativePrompt, model), compatibility),
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
            VariationSeed = NoiseRules.Variation(values, model, count, seeds, warnings),
            VariationStrength = values.Resolve(NoiseFields.VariationStrength, model)!.Value,
            SeedResize = values.Resolve(NoiseFields.SeedResize, model),
            NoiseSeedOffset = values.Resolve(NoiseFields.NoiseSeedOffset, model),
            SChurn = values.Resolve(NoiseFields.SChurn, model),
            STmin = values.Resolve(NoiseFields.STmin, model),
            STmax = values.Resolve(NoiseFields.STmax, model),
            SNoise = values.Resolve(NoiseFields.SNoise, model),
            Count = count,
            NoiseSource = values.Resolve(Fields.NoiseSource, model),
            ClipSkip = CompatibilityRules.ClipSkip(ModelRules.ClipSkip(values, model, warnings), model, compatibility, warnings),
            PromptStyle = values.Resolve(Fields.PromptStyle, model),
            Compatibility = compatibility,
            Format = format,
            BitDepth = depth,
            Channels = model.PictureChannels,
            Quality = (int)values.Resolve(Fields.Quality, model),
            Metadata = values.Resolve(Fields.Metadata, model),
            Edit = change,
            Controls = controls,
            Upscale = upscale,
            Hires = hires,
            Tiling = tiling,
            Cache = cache,
            Explain = explain,
            Priority = values.Resolve(Fields.Priority, model),
            Deadline = values.Resolve(Fields.Deadline, model),
            Webhook = webhook,
            Prompt2 = merged.Prompt2,
            Loras = merged.Orders,
            Embeddings = named.Orders,
            EmbeddingTokens = named.Tokens,
            Vae = vae,
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
        ValueRules.CheckSent(plan, model, request.KeepsValues, faults);
        var upscaler = upscale is null ? null : upscalers.Find(upscale.Model);
        var between = hires is null or { IsLatent: true } ? null : upscalers.Find(hires.Upscaler);
        WorkRules.Check(RequestWork.Of(request, model, upscaler, between), request, model, limits, faults);
        if (faults.Count > 0) return Refusal.Of(faults);
        foreach (var pass in request.Passes) SamplingRules.KnownBad(pass, model, warnings);
        TilingRules.Warn(request, warnings);
        GuidanceRules.Warn(values, request, model, warnings);
        ModelRules.CompareHash(values, models.StatusOf(model.Id), warnings);
        return new ValidOrder(request, warnings, values.Resolve(Fields.Return, model), [.. plan.Pictures, .. ControlRules.PicturesOf(values)]);
    }
}
