using Darkroom.Diffusion.Samplers;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>What must agree between the fields of noise, and with the sampler.</summary>
internal static class NoiseRules
{
    /// <summary>Adds a fault for each of the sampler's parameters that it does not take, and for sizes that the model never had.</summary>
    public static void Check(FieldValues values, ModelDescription model, string? sampler, FaultList faults)
    {
        var convention = values.Resolve(GenerationFields.Compatibility, model).Convention();
        var info = sampler is not null ? SamplerCatalog.Find(sampler) : SamplerCatalog.OfClass(model.SamplerClass);
        bool flow = SamplerCatalog.IsFlowClass(model.SamplerClass);
        bool churns = !flow && info?.Churns(convention) == true, scales = !flow && info?.ScalesNoise(convention) == true;
        foreach (var field in (NumberField[])[NoiseFields.SChurn, NoiseFields.STmin, NoiseFields.STmax]) Refuse(field, churns, one => one.Churns(convention));
        Refuse(NoiseFields.SNoise, scales, one => one.ScalesNoise(convention));
        if (values.TryGet(NoiseFields.STmin, out var min) && values.TryGet(NoiseFields.STmax, out var max) && min > max)
            faults.Add(NoiseFields.STmin, "s_tmin is above s_tmax: churn would never be added.", values.JsonOf(NoiseFields.STmin), "at most s_tmax");
        if (values.TryGet(NoiseFields.SeedResize, out var size) && size is { } pair && Math.Max(pair.X, pair.Y) > model.MaxSize)
            faults.Add(NoiseFields.SeedResize, $"seed_resize is a size that model '{model.Id}' can make pictures of.", values.JsonOf(NoiseFields.SeedResize),
                $"at most {model.MaxSize} a side");

        void Refuse(NumberField field, bool takes, Func<SamplerInfo, bool> others)
        {
            if (takes || !values.IsGiven(field)) return;
            var taking = flow ? [] : SamplerCatalog.All.Where(others).Select(one => one.Name).ToArray();
            faults.Add(
                field, $"{field.Name} has no meaning with sampler '{info?.Name ?? "default"}' here.", values.JsonOf(field),
                taking.Length == 0 ? "absent" : $"absent, or with one of: {string.Join(", ", taking)}");
        }
    }

    /// <summary>The last picture's variation seed is a seed too.</summary>
    public static void CheckVariation(FieldValues values, ModelDescription model, FaultList faults)
    {
        if (!values.TryGet(NoiseFields.VariationSeed, out var seed) || !values.TryResolve(GenerationFields.Count, model, out var count)) return;
        if (seed + count - 1 <= FieldTable.MaxSeed) return;
        faults.Add(
            NoiseFields.VariationSeed, "variation_seed + count - 1, that of the last picture, is too large.", values.JsonOf(NoiseFields.VariationSeed),
            $"0…{FieldTable.MaxSeed - (count - 1)} with count {count}");
    }

    /// <summary>The seed that noise is turned towards; null where it is not.</summary>
    public static long? Variation(FieldValues values, ModelDescription model, int count, ISeedSource seeds, List<string> warnings)
    {
        bool given = values.TryGet(NoiseFields.VariationSeed, out var seed) && seed is not FieldTable.DrawnSeed;
        if (values.Resolve(NoiseFields.VariationStrength, model) is > 0) return given ? seed : seeds.Next(FieldTable.MaxSeed - (count - 1));
        if (given) warnings.Add("variation_seed was left out: variation_strength is 0");
        return null;
    }
}
