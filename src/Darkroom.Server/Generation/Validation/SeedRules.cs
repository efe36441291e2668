using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>The last picture's seed is a seed too.</summary>
internal static class SeedRules
{
    public static void Check(FieldValues values, ModelDescription model, FaultList faults)
    {
        NoiseRules.CheckVariation(values, model, faults);
        // With a variation the seed is that of every picture.
        if (values.TryGet(NoiseFields.VariationStrength, out var strength) && strength > 0) return;
        if (!values.TryResolve(GenerationFields.Seed, model, out var seed) || !values.TryResolve(GenerationFields.Count, model, out var count)) return;
        if (seed + count - 1 <= FieldTable.MaxSeed) return;
        faults.Add(
            GenerationFields.Seed,
            "seed + count - 1, the seed of the last picture, is too large.",
            values.JsonOf(GenerationFields.Seed),
            $"0…{FieldTable.MaxSeed - (count - 1)} with count {count}");
    }
}
