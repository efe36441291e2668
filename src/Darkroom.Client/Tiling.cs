using System.Text.Json;
using System.Text.Json.Serialization;

namespace Darkroom.Client;

/// <summary>Along which axes a picture wraps round: convolutions pad with what lies at the other edge.</summary>
/// <param name="Value">As it stands on the wire: <c>false</c>, <c>true</c>, <c>x</c> or <c>y</c>.</param>
[JsonConverter(typeof(TilingConverter))]
public readonly record struct Tiling(string Value)
{
    /// <summary>Along none.</summary>
    public static Tiling None => new("false");

    /// <summary>Along both.</summary>
    public static Tiling Both => new("true");

    /// <summary>From left to right.</summary>
    public static Tiling X => new("x");

    /// <summary>From top to bottom.</summary>
    public static Tiling Y => new("y");

    /// <summary>Along both axes, or none.</summary>
    public static implicit operator Tiling(bool both) => both ? Both : None;

    /// <summary>The text.</summary>
    public override string ToString() => Value ?? "";
}

internal sealed class TilingConverter : JsonConverter<Tiling>
{
    public override Tiling Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.True => Tiling.Both,
        JsonTokenType.False => Tiling.None,
        _ => new(reader.GetString() ?? ""),
    };

    public override void Write(Utf8JsonWriter writer, Tiling value, JsonSerializerOptions options)
    {
        if (value == Tiling.Both || value == Tiling.None) writer.WriteBooleanValue(value == Tiling.Both);
        else writer.WriteStringValue(value.Value);
    }
}
