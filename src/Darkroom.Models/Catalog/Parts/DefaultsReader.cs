using Darkroom.Diffusion.Samplers;
using Darkroom.Models.Fields;
using Darkroom.Models.Files;

namespace Darkroom.Models.Catalog.Parts;

/// <summary>Reads <c>defaults</c> of <c>darkroom.json</c>: generation fields, by the table of fields.</summary>
internal static class DefaultsReader
{
    public static ModelDefaults Read(JsonFields fields) => ModelDefaults.Read(fields.Json, fields.Fault);

    /// <summary>
    /// Defaults that are right by themselves must fit each other and the model too: a request that leaves them out could do nothing about it.
    /// </summary>
    public static void CheckAgainst(ModelDescription model, Action<string, string> fault)
    {
        var defaults = model.Defaults;
        foreach (var field in defaults.Fields.Where(field => field.NeedsCapability && !model.Capabilities.ExtraFields.Contains(field.Name)))
            fault(field.Name, $"family {model.Family} has no use for it");
        if (defaults.Find(FieldTable.Seed) is long seed && defaults.Find(FieldTable.Count) is long count && seed + count - 1 > FieldTable.MaxSeed)
            fault(FieldTable.Seed.Name, $"{seed} leaves no room for the seeds of {count} pictures; at most {FieldTable.MaxSeed - count + 1}");
        if (defaults.Find(FieldTable.ClipSkip) is long skip && model.Capabilities.MaxClipSkip is { } layers && skip > layers)
            fault(FieldTable.ClipSkip.Name, $"{skip} is above {layers}, what the text encoder allows");
        if (model.FixedSize is { } only)
            foreach (var (field, side) in ((FieldInfo, int)[])[(FieldTable.Width, only.Width), (FieldTable.Height, only.Height)])
                if (defaults.Find(field) is long wanted && wanted != side) fault(field.Name, $"{wanted} is not {side}, the one that the graphs take");
        CheckSampling(model, fault);
    }

    private static void CheckSampling(ModelDescription model, Action<string, string> fault)
    {
        var defaults = model.Defaults;
        var found = defaults.Find(FieldTable.Sampler) is string name ? SamplerCatalog.Find(name) : SamplerCatalog.OfClass(model.SamplerClass);
        if (found is not { } sampler) return;
        if (defaults.Find(FieldTable.Schedule) is string schedule && !sampler.Schedules.Contains(schedule))
            fault(FieldTable.Schedule.Name, $"'{schedule}' has no meaning with sampler '{sampler.Name}'; possible are {string.Join(", ", sampler.Schedules)}");
        if (defaults.Find(FieldTable.Steps) is long steps && sampler.MaxSteps(model.SamplerConfig) is { } max && steps > max)
            fault(FieldTable.Steps.Name, $"{steps} is above {max}, what sampler '{sampler.Name}' allows");
    }
}
