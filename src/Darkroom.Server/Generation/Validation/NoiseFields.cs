using Darkroom.Models.Fields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>The rows of the table that say where noise comes from and what samplers do with it, bound to the request.</summary>
internal static class NoiseFields
{
    public static readonly OptionalWholeField VariationSeed = new(FieldTable.VariationSeed) { Used = p => p.Request.VariationSeed, IsNullable = true };

    public static readonly NumberField VariationStrength = new(FieldTable.VariationStrength) { Used = p => p.Request.VariationStrength };

    public static readonly PixelPairField SeedResize = new(FieldTable.SeedResize) { Used = p => p.Request.SeedResize, IsNullable = true };

    public static readonly WholeField NoiseSeedOffset = new(FieldTable.NoiseSeedOffset) { Used = p => p.Request.NoiseSeedOffset };

    public static readonly NumberField SChurn = new(FieldTable.SChurn) { Used = p => p.Request.SChurn, IsNullable = true };

    public static readonly NumberField STmin = new(FieldTable.STmin) { Used = p => p.Request.STmin, IsNullable = true };

    public static readonly NumberField STmax = new(FieldTable.STmax) { Used = p => p.Request.STmax, IsNullable = true };

    public static readonly NumberField SNoise = new(FieldTable.SNoise) { Used = p => p.Request.SNoise, IsNullable = true };

    public static readonly IReadOnlyList<Field> All = [VariationSeed, VariationStrength, SeedResize, NoiseSeedOffset, SChurn, STmin, STmax, SNoise];
}
