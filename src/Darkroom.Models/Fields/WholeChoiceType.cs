using System.Globalization;
using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>One of a closed list of whole numbers. Read as a <see cref="long"/>.</summary>
public sealed class WholeChoiceType(IReadOnlyList<long> values) : FieldType
{
    public IReadOnlyList<long> Values => values;

    public override string Kind => "a whole number";

    public override string Limit { get; } = "one of: " + string.Join(", ", values.Select(static value => value.ToString(CultureInfo.InvariantCulture)));

    public override FieldReading Read(string name, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Number) return WrongType(name);
        return WholeType.TryWhole(json, out long value) && values.Contains(value) ? FieldReading.Of(value) : NotAllowed(name);
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteNumberValue((long)value);
    }
}
