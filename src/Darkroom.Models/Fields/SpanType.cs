using System.Text.Json;
using Darkroom.Diffusion.Guidance;

namespace Darkroom.Models.Fields;

/// <summary>A part of the steps: <c>[from, to]</c>. Read as a <see cref="GuidanceInterval"/>.</summary>
public sealed class SpanType : FieldType
{
    public override string Kind => "an array of two numbers";

    public override string Limit => "[from, to] with 0 ≤ from ≤ to ≤ 1";

    public override FieldReading Read(string name, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array) return WrongType(name);
        return json.GetArrayLength() == 2 && TryShare(json[0], out double from) && TryShare(json[1], out double to) && from <= to
            ? FieldReading.Of(new GuidanceInterval(from, to))
            : NotAllowed(name);
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var span = (GuidanceInterval)value;
        writer.WriteStartArray();
        writer.WriteNumberValue(span.From);
        writer.WriteNumberValue(span.To);
        writer.WriteEndArray();
    }

    private static bool TryShare(JsonElement json, out double share)
    {
        share = -1;
        return json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out share) && share is >= 0 and <= 1;
    }
}
