using Darkroom.Diffusion.Guidance;
using Darkroom.Models.Catalog;
using Fields = Darkroom.Server.Generation.Validation.GenerationFields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>What a model that takes its guidance as an input leaves out of a request: it runs no second lane.</summary>
internal static class GuidanceRules
{
    public static void Warn(FieldValues values, ModelDescription model, List<string> warnings)
    {
        if (!model.Capabilities.EmbedsGuidance) return;
        const string why = "guidance is an input of this model";
        if (values.TryGet(Fields.NegativePrompt, out var negative) && negative!.Length > 0) warnings.Add($"negative_prompt was not read: {why}");
        if (values.TryGet(Fields.GuidanceRescale, out var rescale) && rescale > 0) warnings.Add($"guidance_rescale was left out: {why}");
        if (values.TryGet(Fields.GuidanceInterval, out var interval) && interval != GuidanceInterval.Whole)
            warnings.Add($"guidance_interval was left out: {why}");
    }
}
