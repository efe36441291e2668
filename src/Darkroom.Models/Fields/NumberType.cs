using System.Globalization;
using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>A number in a range. Read as a <see cref="double"/>.</summary>
public sealed class NumberType(double min, double max) : FieldType
{
    public double Min => min;

    public double Max => max;

    /// <summary>Whether the lower end itself is refused.</summary>
    public bool AboveMin { get; init; }

    public override string Kind => "a number";

    public override string Limit => AboveMin
        ? string.Create(CultureInfo.InvariantCulture, $"above {min}, at most {max}")
        : string.Create(CultureInfo.InvariantCulture, $"{min}…{max}");

    public override FieldReading Read(string name, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Number) return WrongType(name);
        return json.TryGetDouble(out double value) && value <= max && (AboveMin ? value > min : value >= min) ? FieldReading.Of(value) : NotAllowed(name);
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteNumberValue((double)value);
    }
}
