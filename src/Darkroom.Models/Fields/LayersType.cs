using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>Names of a network's layers, all different. Read as a list of texts.</summary>
public sealed class LayersType : FieldType
{
    public const int MaxCount = 32, MaxLength = 256;

    public override string Kind => "an array of names";

    public override string Limit => $"1…{MaxCount} different names of 1…{MaxLength} characters";

    public override FieldReading Read(string name, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array) return WrongType(name);
        if (json.GetArrayLength() is 0 or > MaxCount) return NotAllowed(name);
        var layers = new List<string>();
        foreach (var one in json.EnumerateArray())
        {
            if (one.ValueKind != JsonValueKind.String) return WrongType(name);
            string layer = JsonText.Of(one);
            if (layer.Length is 0 or > MaxLength || layer.Contains('\0', StringComparison.Ordinal) || layers.Contains(layer)) return NotAllowed(name);
            layers.Add(layer);
        }
        return FieldReading.Of(layers.ToArray());
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartArray();
        foreach (string layer in (IReadOnlyList<string>)value) writer.WriteStringValue(layer);
        writer.WriteEndArray();
    }
}
