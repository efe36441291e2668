using System.Globalization;
using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>What reading a value finds.</summary>
/// <param name="Value">The value; null where there are faults.</param>
/// <param name="Faults">Why it is none.</param>
public readonly record struct FieldReading(object? Value, IReadOnlyList<FieldFault> Faults)
{
    public static FieldReading Of(object value) => new(value, []);

    public static implicit operator FieldReading(FieldFault fault) => new(null, [fault]);
}

/// <summary>Why a value is refused.</summary>
/// <param name="Name">The field, or a part of it: <c>upscale.scale</c>.</param>
/// <param name="Predicate">The rest of a sentence that begins with the name, without a full stop.</param>
/// <param name="Limit">What is allowed.</param>
/// <param name="Kind">What the sentence leaves to be said.</param>
public sealed record FieldFault(string Name, string Predicate, string Limit, FieldFaultKind Kind)
{
    /// <summary>What of a field's value the fault is about: the part that it names, or all of it.</summary>
    public JsonElement PartOf(JsonElement value)
    {
        var part = value;
        foreach (string step in Name.Split('.').Skip(1))
            if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty(step, out var inside)) part = inside;
            else if (part.ValueKind == JsonValueKind.Array && int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                && index < part.GetArrayLength()) part = part[index];
            else break;
        return part;
    }
}

public enum FieldFaultKind
{
    /// <summary>The JSON is of another type.</summary>
    WrongType,

    /// <summary>The value is outside of what is allowed.</summary>
    NotAllowed,

    /// <summary>The sentence says what is wrong with it.</summary>
    Other,
}
