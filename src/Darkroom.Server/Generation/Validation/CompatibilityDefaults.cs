using Darkroom.Diffusion.Samplers;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>
/// What a request's compatibility sets where the request says nothing. Asked for by the request, it comes before what the model sets; as a default of the
/// model, behind.
/// </summary>
internal static class CompatibilityDefaults
{
    /// <summary>AUTOMATIC1111's and ComfyUI's, where a model's own sampler is diffusers' alone.</summary>
    private const string UsualSampler = "euler";

    /// <summary>The model with these defaults.</summary>
    public static ModelDescription Of(FieldValues values, ModelDescription model)
    {
        var compatibility = values.Resolve(GenerationFields.Compatibility, model);
        if (compatibility == Compatibility.Diffusers) return model;
        bool comfy = compatibility == Compatibility.Comfyui;
        var own = new Dictionary<FieldInfo, object>
        {
            [FieldTable.NoiseSource] = comfy ? "torch_cpu" : "torch_cuda",
            [FieldTable.PromptStyle] = comfy ? "comfyui" : "weighted",
            [FieldTable.AllSteps] = comfy,
        };
        var defaults = values.IsGiven(GenerationFields.Compatibility) ? new ModelDefaults(own).Or(model.Defaults) : model.Defaults.Or(new ModelDefaults(own));
        return HasSampler(model, compatibility) ? model with { Defaults = defaults }
            : model with { Defaults = new ModelDefaults(new Dictionary<FieldInfo, object> { [FieldTable.Sampler] = UsualSampler }).Or(defaults) };
    }

    /// <summary>Whether the program has the sampler that the model asks for, or that of its class.</summary>
    private static bool HasSampler(ModelDescription model, Compatibility compatibility) =>
        model.Defaults.Find(FieldTable.Sampler) is string name and not FieldTable.OwnSampler && SamplerCatalog.Find(name) is { } set ? Has(set, compatibility)
        : SamplerNames.Of(model) is { } own && Has(SamplerCatalog.Find(own)!, compatibility);

    private static bool Has(SamplerInfo sampler, Compatibility compatibility) => sampler.SchedulesIn(compatibility.Convention()!.Value).Count > 0;
}
