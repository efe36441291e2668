using Darkroom.Engine.Programs;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Models.Upscaling;
using Fields = Darkroom.Server.Generation.Validation.GenerationFields;
using Scaling = Darkroom.Server.Generation.Validation.UpscaleFields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>From an order of an upscaled picture to a valid one, or to the failure with every fault at once. No model of pictures has a part in it.</summary>
internal sealed class UpscaleValidation(IUpscalerDirectory upscalers, RequestLimits limits, WebhookRules webhooks)
{
    // Defaults of format, priority and the like are asked of a model, and here there is none.
    private static readonly Models.Catalog.ModelDescription NoModel = new() { Id = "", Title = "" };

    public Validated Validate(GenerationOrder order)
    {
        var (values, faults) = (order.Values, order.Faults);
        var webhook = webhooks.Of(values, faults);
        var id = values.TryGet(Scaling.Model, out var named) ? named! : UpscalerCatalog.DefaultId;
        var found = upscalers.Find(id);
        if (found is null)
        {
            var (sentence, limit) = (UpscaleRules.Unknown(id, upscalers), UpscaleRules.Limit(upscalers));
            if (faults.Count == 0) return new Failure(FailureKind.UpscalerNotFound, $"{sentence} Upscalers: {limit}.");
            return Refusal.Of(faults, new Fault("model", sentence, GivenValue.Shorten(id), limit));
        }

        var format = order.FormatOf(values.Resolve(Fields.Format, NoModel));
        var upscale = new UpscaleOrder(
            id, values.TryGet(Scaling.Scale, out var scale) ? scale : found.OwnFactor,
            values.TryGet(Scaling.Tile, out var tile) ? (int)tile : found.Tile, values.TryGet(Scaling.Overlap, out var overlap) ? (int)overlap : found.Overlap);
        var hasPicture = values.TryGet(Scaling.Image, out var picture);
        if (hasPicture && UpscaleRules.NoRoom((picture!.Width, picture.Height), upscale, format) is { } reason)
            faults.Add(Scaling.Scale, reason, values.JsonOf(Scaling.Scale), UpscaleRules.MaxPixelsText);
        if (format == PictureFormat.Npy)
            faults.Add(Fields.Format, "Upscalers enlarge colours of 8 bits, which an npy is not for.", values.JsonOf(Fields.Format), "png, jpeg or webp");
        if (hasPicture && picture!.Header.Format == PictureFormat.Npy)
            faults.Add(Scaling.Image, "Upscalers enlarge colours of 8 bits, and this is an npy file.", null, "a PNG, JPEG or WebP file");
        if (faults.Count > 0) return Refusal.Of(faults);
        if (found.Fault is { } fault) return new Failure(FailureKind.ModelFailed, $"Upscaler '{id}' cannot be used: {fault}");

        var (width, height) = UpscalePasses.TargetOf(picture!.Width, picture.Height, upscale.Scale ?? 1);
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
            Metadata = values.Resolve(Scaling.Metadata, NoModel),
            Edit = new() { Picture = new("", picture.Width, picture.Height), Strength = 0 },
            Upscale = upscale,
            Format = format,
            Quality = (int)values.Resolve(Fields.Quality, NoModel),
            Priority = values.Resolve(Fields.Priority, NoModel),
            Deadline = values.Resolve(Fields.Deadline, NoModel),
            Webhook = webhook,
        };
        WorkRules.Check(RequestWork.Of(request, null, found), request, null, limits, faults);
        if (faults.Count > 0) return Refusal.Of(faults);
        var warnings = new List<string>();
        ModelRules.CompareHash(values, upscalers.StatusOf(id), warnings);
        return new ValidOrder(request, warnings, values.Resolve(Fields.Return, NoModel), [new(Scaling.Image, picture)]);
    }
}
