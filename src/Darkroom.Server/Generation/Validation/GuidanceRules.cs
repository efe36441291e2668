using Darkroom.Diffusion.Guidance;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Fields = Darkroom.Server.Generation.Validation.GenerationFields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>What a model that takes its guidance as an input, or was distilled at one scale, leaves out of a request: it runs no second lane.</summary>
internal static class GuidanceRules
{
    public static void Warn(FieldValues values, GenerationRequest request, ModelDescription model, List<string> warnings)
    {
        if (request.Edit is { ShowsPicture: true } && request.GuidanceRescale > 0)
            warnings.Add("guidance_rescale was left out: it has no rule for three lanes");
        if (!model.Capabilities.EmbedsGuidance) return;
        if (model.Capabilities.IgnoresGuidance && values.IsGiven(Fields.GuidanceScale))
            warnings.Add($"guidance_scale was left out: model '{model.Id}' takes none");
        if (request.IsGuided) return;
        const string why = "no second lane is run";
        if (request.TrueGuidanceScale > 1) warnings.Add($"true_guidance_scale was left out: without a negative_prompt {why}");
        if (values.TryGet(Fields.NegativePrompt, out var negative) && negative!.Length > 0) warnings.Add($"negative_prompt was not read: {why}");
        if (values.TryGet(Fields.GuidanceRescale, out var rescale) && rescale > 0) warnings.Add($"guidance_rescale was left out: {why}");
        if (values.TryGet(Fields.GuidanceInterval, out var interval) && interval != GuidanceInterval.Whole)
            warnings.Add($"guidance_interval was left out: {why}");
    }
}
