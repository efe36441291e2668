using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>A side of a picture in pixels; the model says which are possible. Read as a <see cref="long"/>, any whole number.</summary>
public sealed class SizeType : FieldType
{
    /// <summary>The longest side that a model may have as its <c>max_size</c>.</summary>
    public const int Max = 16384;

    public override string Kind => "a whole number";

    public override string Limit => "the model's size_step…max_size, multiple of size_step";

    public override FieldReading Read(string name, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Number) return WrongType(name);
        return WholeType.TryWhole(json, out long side)
            ? FieldReading.Of(side)
            : new FieldFault(name, "must be a whole number", Limit, FieldFaultKind.NotAllowed);
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteNumberValue((long)value);
    }
}
