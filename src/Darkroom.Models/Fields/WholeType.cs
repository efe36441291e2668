using System.Globalization;
using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>A whole number in a range. 20.0 and 2e1 are whole too, as JSON Schema says. Read as a <see cref="long"/>.</summary>
public sealed class WholeType(long min, long max) : FieldType
{
    public long Min => min;

    public long Max => max;

    /// <summary>A value beside the range that says something else than a number (seed -1).</summary>
    public long? Special { get; init; }

    public override string Kind => "a whole number";

    public override string Limit => Special is { } special
        ? string.Create(CultureInfo.InvariantCulture, $"{min}…{max}, or {special}")
        : string.Create(CultureInfo.InvariantCulture, $"{min}…{max}");

    public override FieldReading Read(string name, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Number) return WrongType(name);
        if (!TryWhole(json, out long value)) return new FieldFault(name, "must be a whole number", Limit, FieldFaultKind.NotAllowed);
        return value >= min && value <= max || value == Special ? FieldReading.Of(value) : NotAllowed(name);
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteNumberValue((long)value);
    }

    /// <summary>Numbers beyond 64 bits saturate: they are out of every range.</summary>
    public static bool TryWhole(JsonElement json, out long value)
    {
        if (json.TryGetInt64(out value)) return true;
        if (!json.TryGetDouble(out double number) || (double.IsFinite(number) && number != Math.Floor(number))) return false;
        value = number >= long.MaxValue ? long.MaxValue : number <= long.MinValue ? long.MinValue : (long)number;
        return true;
    }
}
