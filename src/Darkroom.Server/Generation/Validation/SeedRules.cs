namespace Darkroom.Server.Generation.Validation;

/// <summary>The last picture's seed is a seed too.</summary>
internal static class SeedRules
{
    public static void Check(FieldValues values, FaultList faults)
    {
        if (!values.TryGet(GenerationFields.Seed, out var seed) || !values.TryGet(GenerationFields.Count, out var count)) return;
        if (seed + count - 1 <= GenerationFields.LargestSeed) return;
        faults.Add(
            GenerationFields.Seed,
            "seed + count - 1, the seed of the last picture, is too large.",
            values.JsonOf(GenerationFields.Seed),
            $"0…{GenerationFields.LargestSeed - (count - 1)} with count {count}");
    }
}
