using System.Text.Json;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Server.Endpoints;
using Darkroom.Server.Problems;
using Fields = Darkroom.Server.Validation.GenerationFields;

namespace Darkroom.Server.Validation;

/// <summary>From the body of <c>POST /v1/txt2img</c> to an order, or to the problem with every fault at once.</summary>
internal sealed class Txt2ImgValidation(IModelDirectory models, ISeedSource seeds)
{
    private static readonly ObjectReader Reader = new(Fields.Txt2Img);

    /// <param name="body">The body, any JSON.</param>
    /// <param name="accept">What the caller takes.</param>
    /// <param name="headers">For headers that promise what is not built.</param>
    public Validated Validate(JsonElement body, Accept accept, IHeaderDictionary headers)
    {
        var faults = new FaultList();
        var values = Reader.Read(body, faults);
        values.CheckBuilt(faults);
        NotYetSupported.Check(headers, faults);
        var answer = accept.Choose(values.TryGet(Fields.Format, out var wanted) ? wanted : null);
        AnswerRules.Check(values, answer, faults);
        SeedRules.Check(values, faults);

        var choice = ModelChoice.Of(values, models);
        if (choice.Model is not { Fault: null } model) return faults.Count > 0 ? ProblemFor(faults, choice.Fault) : choice.Problem!;

        values.Check(model, faults);
        var sampler = values.Resolve(Fields.Sampler, model);
        var schedule = SamplingRules.Schedule(values, model, sampler, faults);
        if (faults.Count > 0) return ProblemFor(faults, null);
        if (choice.Problem is { } unusable) return unusable;

        var warnings = new List<string>();
        SamplingRules.Suit(model, sampler, warnings);
        var count = (int)values.Resolve(Fields.Count, model);
        var request = new GenerationRequest
        {
            Task = GenerationTask.Txt2img,
            Model = model.Id,
            Prompt = values.Resolve(Fields.Prompt, model)!,
            NegativePrompt = values.Resolve(Fields.NegativePrompt, model)!,
            Width = (int)values.Resolve(Fields.Width, model),
            Height = (int)values.Resolve(Fields.Height, model),
            Steps = (int)values.Resolve(Fields.Steps, model),
            GuidanceScale = values.Resolve(Fields.GuidanceScale, model)!.Value,
            GuidanceRescale = values.Resolve(Fields.GuidanceRescale, model)!.Value,
            GuidanceInterval = values.Resolve(Fields.GuidanceInterval, model),
            Sampler = sampler,
            Schedule = schedule,
            Eta = SamplingRules.Eta(values, model, sampler, warnings),
            Seed = values.TryGet(Fields.Seed, out var seed) ? seed : seeds.Next(Fields.LargestSeed - (count - 1)),
            Count = count,
            NoiseSource = values.Resolve(Fields.NoiseSource, model),
            ClipSkip = ModelRules.ClipSkip(values, model, warnings),
            PromptStyle = values.Resolve(Fields.PromptStyle, model),
            Compatibility = values.Resolve(Fields.Compatibility, model),
            Format = answer.Picture ?? values.Resolve(Fields.Format, model),
            Quality = (int)values.Resolve(Fields.Quality, model),
            Metadata = values.Resolve(Fields.Metadata, model),
            Priority = values.Resolve(Fields.Priority, model),
            Deadline = values.TryGet(Fields.Deadline, out var deadline) ? deadline : null,
            PreviewEvery = (int)values.Resolve(Fields.PreviewEvery, model),
        };
        ModelRules.CompareHash(values, models.StatusOf(model.Id), warnings);
        return new GenerationOrder(request, warnings, values.Resolve(Fields.Return, model), answer.Picture);
    }

    private static Problem ProblemFor(FaultList faults, Fault? model)
    {
        if (model is not null) faults.Add(model);
        var type = faults.All(fault => fault.NotBuiltYet) ? ProblemType.NotYetSupported : ProblemType.InvalidRequest;
        return new(type, faults.Count == 1 ? faults.First().Message : $"{faults.Count} things about this request are wrong.") { Errors = [.. faults] };
    }
}
