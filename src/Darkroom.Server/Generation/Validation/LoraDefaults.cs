using Darkroom.Diffusion.Samplers;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;
using Darkroom.Models.Loras;

namespace Darkroom.Server.Generation.Validation;

/// <summary>
/// What LoRAs set where a request says nothing: those that let a model do with few steps need other ones than the model. They come before the model's own; of
/// two LoRAs that set the same field the first one's holds.
/// </summary>
internal static class LoraDefaults
{
    /// <summary>The model with the defaults of a request's LoRAs before its own.</summary>
    public static ModelDescription Of(
        IReadOnlyList<LoraOrder>? orders, FieldValues values, ModelDescription model, ILoraDirectory loras, List<string> warnings)
    {
        var all = new ModelDefaults();
        foreach (var order in orders ?? [])
        {
            // At weight 0 nothing of it is merged.
            if (order is { Weight: 0, TextWeight: null or 0 } || loras.Find(order.Id) is not { Fault: null } lora) continue;
            var own = lora.Defaults.Where(field => Suits(field, lora.Defaults, model));
            var used = own.Fields.Where(field => all.Find(field) is null && !values.Given.Any(one => one.Field.Name == field.Name)).Select(field => field.Name);
            if (string.Join(", ", used) is { Length: > 0 } names) warnings.Add($"lora '{lora.Id}': {names} as it sets them ({lora.DefaultsFrom})");
            all = all.Or(own);
        }
        return all.Fields.Count == 0 ? model : model with { Defaults = all.Or(model.Defaults) };
    }

    /// <summary>A LoRA does not know its model: what the model has no use for, or cannot do, is not set.</summary>
    private static bool Suits(FieldInfo field, ModelDefaults own, ModelDescription model)
    {
        if (field.NeedsCapability && !model.Capabilities.ExtraFields.Contains(field.Name)) return false;
        if (field == FieldTable.Width || field == FieldTable.Height)
            return own.Find(field) is long side && side >= model.SizeStep && side <= model.MaxSize && side % model.SizeStep == 0 && model.FixedSize is null;
        bool samples = field == FieldTable.Sampler || field == FieldTable.Schedule || field == FieldTable.Eta;
        return !samples || !SamplerCatalog.IsFlowClass(model.SamplerClass)
            || own.Find(FieldTable.Sampler) is not string name || SamplerCatalog.Find(name) is null or { TakesFlow: true };
    }
}
