using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Models.Fields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>A caller's value as an answer may repeat it: short, and valid text whatever was sent.</summary>
internal static class GivenValue
{
    private const int Longest = 100;

    public static JsonNode? Shorten(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => Cut(JsonText.Of(json)),
        JsonValueKind.Number when json.GetRawText() is { Length: <= Longest } => JsonValue.Create(json.Clone()),
        JsonValueKind.Number => Cut(json.GetRawText()),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        _ => null,
    };

    public static JsonNode Shorten(string text) => Cut(text);

    private static string Cut(string text)
    {
        if (text.Length <= Longest) return text;
        var length = char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest;
        return text[..length] + "…";
    }

    /// <summary>The JSON type of a value, as messages name it.</summary>
    public static string Kind(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        _ => "null",
    };
}
