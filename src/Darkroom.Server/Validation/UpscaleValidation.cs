using Darkroom.Engine.Jobs;
using Darkroom.Models.Upscaling;
using Darkroom.Server.Endpoints;
using Darkroom.Server.Problems;
using Fields = Darkroom.Server.Validation.GenerationFields;
using Scaling = Darkroom.Server.Validation.UpscaleFields;

namespace Darkroom.Server.Validation;

/// <summary>From the body of <c>POST /v1/upscale</c> to an order, or to the problem with every fault at once. No model of pictures has a part in it.</summary>
internal sealed class UpscaleValidation(IUpscalerDirectory upscalers)
{
    // Defaults of format, priority and the like are asked of a model, and here there is none.
    private static readonly Models.Catalog.ModelDescription NoModel = new() { Id = "", Title = "" };

    public Validated Validate(RequestBody body, Accept accept, IHeaderDictionary headers)
    {
        var faults = new FaultList();
        var values = TaskSheet.Upscale.Reader.Read(body, faults);
        NotYetSupported.Check(headers, faults);
        var answer = accept.Choose(values.TryGet(Fields.Format, out var wanted) ? wanted : null);
        AnswerRules.Check(values, answer, faults);

        var id = values.TryGet(Scaling.Model, out var named) ? named! : UpscalerCatalog.DefaultId;
        var found = upscalers.Find(id);
        if (found is null)
        {
            var (sentence, limit) = (UpscaleRules.Unknown(id, upscalers), UpscaleRules.Limit(upscalers));
            if (faults.Count == 0) return new Problem(ProblemType.UpscalerNotFound, $"{sentence} Upscalers: {limit}.");
            return Refusal.Of(faults, new Fault("model", sentence, GivenValue.Shorten(id), limit));
        }

        var format = answer.Picture ?? values.Resolve(Fields.Format, NoModel);
        var order = new UpscaleOrder(
            id, values.TryGet(Scaling.Scale, out var scale) ? scale : found.OwnFactor,
            values.TryGet(Scaling.Tile, out var tile) ? (int)tile : found.Tile, values.TryGet(Scaling.Overlap, out var overlap) ? (int)overlap : found.Overlap);
        var hasPicture = values.TryGet(Scaling.Image, out var picture);
        if (hasPicture && UpscaleRules.NoRoom((picture!.Width, picture.Height), order, format) is { } reason)
            faults.Add(Scaling.Scale, reason, values.JsonOf(Scaling.Scale), UpscaleRules.MostPixels);
        if (faults.Count > 0) return Refusal.Of(faults);
        if (found.Fault is { } fault) return new Problem(ProblemType.ModelFailed, $"Upscaler '{id}' cannot be used: {fault}");

        var (width, height) = UpscalePasses.TargetOf(picture!.Width, picture.Height, order.Scale ?? 1);
        var request = new GenerationRequest
        {
            Task = GenerationTask.Upscale,
            Model = id,
            Prompt = "",
            Width = width,
            Height = height,
            Steps = 1,
            GuidanceScale = 1,
            Seed = 0,
            Metadata = false,
            Edit = new() { Picture = new("", picture.Width, picture.Height), Strength = 0 },
            Upscale = order,
            Format = format,
            Quality = (int)values.Resolve(Fields.Quality, NoModel),
            Priority = values.Resolve(Fields.Priority, NoModel),
            Deadline = values.Resolve(Fields.Deadline, NoModel),
        };
        var warnings = new List<string>();
        ModelRules.CompareHash(values, upscalers.StatusOf(id), warnings);
        return new GenerationOrder(request, warnings, values.Resolve(Fields.Return, NoModel), answer.Picture, [new(Scaling.Image, picture)]);
    }
}
