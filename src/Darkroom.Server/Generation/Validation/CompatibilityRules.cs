using System.Globalization;
using System.Text.Json;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Schedules.KDiffusion;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Fields = Darkroom.Server.Generation.Validation.GenerationFields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>What a request that reproduces another program's pictures may ask, and what it means for the fields whose meaning differs there.</summary>
internal static class CompatibilityRules
{
    /// <summary>Steps of a schedule of which only the last are run.</summary>
    private const int MaxScheduleSteps = 10_000;

    /// <summary>Adds a fault where the program has no rule for the model or its sampler, or where fields of it are given without it.</summary>
    public static void Check(FieldValues values, ModelDescription model, string? sampler, FaultList faults)
    {
        var compatibility = values.Resolve(Fields.Compatibility, model);
        if (values.Resolve(Fields.PromptStyle, model) == PromptStyle.Comfyui && (model.TextTokens is not null || !model.ReadsText))
            faults.Add(Fields.PromptStyle, $"prompt_style 'comfyui' has no meaning with model '{model.Id}': its texts are not read by CLIP alone.",
                values.JsonOf(Fields.PromptStyle), "weighted or plain");
        if (compatibility.Convention() is not { } convention)
        {
            if (values.TryGet(EditFields.AllSteps, out bool all) && all)
                faults.Add(EditFields.AllSteps, "all_steps has no meaning with compatibility 'diffusers'.", values.JsonOf(EditFields.AllSteps),
                    "false, or compatibility a1111 or comfyui");
            return;
        }
        if (WhyNot(model) is { } reason)
        {
            faults.Add(Fields.Compatibility, $"compatibility '{NameOf(compatibility)}' has no meaning with model '{model.Id}': {reason}.",
                values.JsonOf(Fields.Compatibility), "diffusers");
            return;
        }
        if (sampler is null || SamplerCatalog.Find(sampler) is not { } info || info.SchedulesIn(convention).Count == 0)
            faults.Add(Fields.Sampler, $"Sampler '{sampler ?? FieldTable.OwnSampler}' has no meaning with compatibility '{NameOf(compatibility)}'.",
                values.JsonOf(Fields.Sampler),
                $"one of: {string.Join(", ", SamplerCatalog.All.Where(one => one.SchedulesIn(convention).Count > 0).Select(one => one.Name))}");
    }

    /// <summary>What a picture task changes, with the program's meaning of strength. An outpainting keeps its own.</summary>
    public static PictureEdit? Change(PictureEdit? change, FieldValues values, ModelDescription model, FaultList faults)
    {
        var compatibility = values.Resolve(Fields.Compatibility, model);
        if (change is null or { Extension: not null } || compatibility == Compatibility.Diffusers) return change;
        bool all = values.Resolve(EditFields.AllSteps, model);
        change = change with
        {
            Rule = compatibility == Compatibility.A1111 ? all ? StrengthRule.A1111AllSteps : StrengthRule.A1111
                : all ? StrengthRule.Comfyui : StrengthRule.RoundsDown,
        };
        long steps = values.Resolve(Fields.Steps, model);
        double min = (double)steps / MaxScheduleSteps;
        bool isNothing = change.Strength == 0 && compatibility == Compatibility.Comfyui;
        if (all && change.Strength < min && !isNothing)
            faults.Add(EditFields.Strength, string.Create(CultureInfo.InvariantCulture,
                $"All of {steps} steps at strength {change.Strength} are the last of a schedule of more than {MaxScheduleSteps}."),
                values.JsonOf(EditFields.Strength), string.Create(CultureInfo.InvariantCulture, $"{min}…1 with {steps} steps and all_steps"));
        return change;
    }

    /// <summary>
    /// The negative prompt as the program reads it: to ComfyUI there always is one, and to AUTOMATIC1111 an empty one is none, for which SDXL has zeros.
    /// </summary>
    public static string? Negative(string? negative, Compatibility compatibility) => compatibility switch
    {
        Compatibility.A1111 when negative is "" => null,
        Compatibility.Comfyui => negative ?? "",
        _ => negative,
    };

    /// <summary>The layers left out: AUTOMATIC1111 leaves none out of SDXL's encoders, whatever it is set to.</summary>
    public static int ClipSkip(int skip, ModelDescription model, Compatibility compatibility, List<string> warnings)
    {
        if (skip == 0 || compatibility != Compatibility.A1111 || model.AlignYourSteps != AlignYourStepsModel.StableDiffusionXl) return skip;
        warnings.Add($"clip_skip {skip} was left out: AUTOMATIC1111 has none for models of this family");
        return 0;
    }

    private static string NameOf(Compatibility compatibility) => JsonNamingPolicy.SnakeCaseLower.ConvertName(compatibility.ToString());

    /// <summary>Why the programs' rules mean nothing to a model; null where they do.</summary>
    public static string? WhyNot(ModelDescription model) =>
        SamplerCatalog.IsFlowClass(model.SamplerClass) ? "it was trained by flow matching, and the programs' noise levels are those of training timesteps"
        : !model.ReadsText ? "it reads no text, and the programs know no such model"
        : model.ShowsPicture ? "models that edit by instruction are run as diffusers does"
        : SamplerCatalog.OfClass(model.SamplerClass) is { Support: ScheduleSupport.Edm } ? "it has no training timesteps"
        : null;
}
