using System.Text.Json;
using System.Text.Json.Serialization;

namespace Darkroom.Client.Json;

/// <summary>Reads and writes a name as the text that it is.</summary>
internal sealed class NameConverter<TName> : JsonConverter<TName>
    where TName : struct, IWireName<TName>
{
    public override TName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => TName.From(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, TName value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
