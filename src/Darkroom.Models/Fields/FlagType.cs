using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>True or false. Read as a <see cref="bool"/>.</summary>
public sealed class FlagType : FieldType
{
    public override string Kind => "true or false";

    public override string Limit => "true or false";

    public override FieldReading Read(string name, JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.True => FieldReading.Of(true),
        JsonValueKind.False => FieldReading.Of(false),
        _ => WrongType(name),
    };

    public override void Write(Utf8JsonWriter writer, object value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteBooleanValue((bool)value);
    }
}
