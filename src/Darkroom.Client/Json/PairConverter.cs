using System.Text.Json;
using System.Text.Json.Serialization;

namespace Darkroom.Client.Json;

/// <summary>Two numbers that stand in an array: <c>[512, 768]</c>.</summary>
internal abstract class PairConverter<TPair, TNumber> : JsonConverter<TPair>
    where TPair : struct
{
    public override TPair Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException();
        reader.Read();
        var first = Number(ref reader);
        reader.Read();
        var second = Number(ref reader);
        reader.Read();
        return reader.TokenType == JsonTokenType.EndArray ? Of(first, second) : throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, TPair value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        Write(writer, value);
        writer.WriteEndArray();
    }

    protected abstract TNumber Number(ref Utf8JsonReader reader);

    protected abstract TPair Of(TNumber first, TNumber second);

    protected abstract void Write(Utf8JsonWriter writer, TPair value);
}
