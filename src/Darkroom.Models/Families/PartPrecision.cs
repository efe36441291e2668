using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Graphs.Quantising;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Families;

/// <summary>What the parts of a model compute with on a device: what its card says, else what the device is set to.</summary>
internal static class PartPrecision
{
    /// <summary>Values of a text encoder's weights that share a scale: texts are short, and an error in one is in every step.</summary>
    private const int TextBlock = 32;

    private const double OfFloat32 = 0.27; // in bytes: a quarter, scales, and what stays float32

    private const double OfInt8 = 0.75; // what 4 bits for linear layers alone take of it

    /// <summary>A model with its parts as they are in memory.</summary>
    /// <param name="sizeOf">A part in memory, of the part as its files have it.</param>
    public static ModelDescription Sized(ModelDescription model, Func<PartSize, PartSize> sizeOf)
    {
        PartSize[] parts = [.. model.Parts.Select(sizeOf)];
        return model with { Parts = parts, MemoryBytes = model.MemoryBytes + parts.Sum(part => part.Bytes) - model.Parts.Sum(part => part.Bytes) };
    }

    /// <summary>How sessions of a part are made.</summary>
    /// <exception cref="GraphException">The device has no kernels for it.</exception>
    public static SessionSettings For(string part, ModelDescription description, SessionSettings settings)
    {
        var precision = settings.PrecisionOf(description.Precision);
        return settings with { Precision = precision, Quantising = RulesOf(part, description, precision) };
    }

    /// <summary>About how many bytes a part takes in memory, as far as its files tell.</summary>
    /// <param name="size">The part as its files have it.</param>
    /// <param name="isGraph">Whether these are an exported graph; weights alone are counted as float32.</param>
    /// <param name="rules">How it is quantised; null: it is not.</param>
    public static PartSize EstimateOf(PartSize size, bool isGraph, QuantisingRules? rules)
    {
        double width = !isGraph ? 4 : size.StoredAs switch { "fp16" or "bf16" => 2, "fp8" or "int8" => 1, "fp64" => 8, _ => 4 };
        return rules is null || width <= 1 ? size : size with
        {
            Bytes = (long)(size.Bytes / width * 4 * OfFloat32 * (rules.Bits == 4 ? OfInt8 : 1)), IsExact = false,
        };
    }

    /// <summary>Which layers of a part are quantised; null: none. Autoencoders stay as they are: their errors are seen as they stand.</summary>
    public static QuantisingRules? RulesOf(string part, ModelDescription description, WeightPrecision precision)
    {
        if (precision is not (WeightPrecision.Int8 or WeightPrecision.Int4) || part is FolderLayout.Decoder or FolderLayout.Encoder) return null;
        if (description.TextEncoders.Any(text => text.Name == part))
            return new() { Convolutions = false, Linear = LinearForm.Blocks, Block = TextBlock };
        var rules = new QuantisingRules { UnsignedWeights = RowQuantiser.SumsPairsIn16Bits };
        return precision == WeightPrecision.Int8 ? rules : rules with { Linear = LinearForm.Blocks, Bits = 4, Block = TextBlock };
    }
}
