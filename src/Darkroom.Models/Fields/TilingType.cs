using System.Text.Json;
using Darkroom.Models.Graphs;

namespace Darkroom.Models.Fields;

/// <summary>Whether and along which axes a picture wraps round: true, false, <c>"x"</c> or <c>"y"</c>. Read as <see cref="WrapAxes"/>.</summary>
public sealed class TilingType : FieldType
{
    public override string Kind => "true, false, \"x\" or \"y\"";

    public override string Limit => "true, false, \"x\" or \"y\"";

    public override FieldReading Read(string name, JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.True => FieldReading.Of(WrapAxes.Both),
        JsonValueKind.False => FieldReading.Of(WrapAxes.None),
        JsonValueKind.String when JsonText.Of(json) is "x" => FieldReading.Of(WrapAxes.X),
        JsonValueKind.String when JsonText.Of(json) is "y" => FieldReading.Of(WrapAxes.Y),
        JsonValueKind.String => NotAllowed(name),
        _ => WrongType(name),
    };

    public override void Write(Utf8JsonWriter writer, object value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (value is WrapAxes.X or WrapAxes.Y) writer.WriteStringValue(value is WrapAxes.X ? "x" : "y");
        else writer.WriteBooleanValue(value is WrapAxes.Both);
    }
}
