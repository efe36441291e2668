using System.Text.Json;

namespace Darkroom.Imaging.Metadata.Tools;

/// <summary>JSON in a picture's texts: of any origin, and of Python, which writes NaN.</summary>
internal static class ToolJson
{
    public static bool IsObject(string text) => text.AsSpan().TrimStart() is ['{', ..];

    /// <returns>Null where it is no JSON object.</returns>
    public static JsonElement? Parse(string? text)
    {
        if (text is null || !IsObject(text)) return null;
        return TryParse(text) ?? (text.Contains("NaN", StringComparison.Ordinal) ? TryParse(text.Replace("NaN", "null", StringComparison.Ordinal)) : null);
    }

    public static JsonElement? Member(this JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    /// <summary>A text, number or flag as written; null for anything else.</summary>
    public static string? Text(this JsonElement value, string name) => value.Member(name) is { } member ? Text(member) : null;

    public static string? Text(this JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException) // an escaped half of a surrogate pair
        {
            return null;
        }
    }

    /// <summary>Fields by A1111's names, in this order; those without a value are left out.</summary>
    public static ParsedParameters Record(string? prompt, string? negative, params (string Name, string? Value)[] fields)
    {
        var known = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in fields)
            if (!string.IsNullOrEmpty(value)) known.TryAdd(name, value);
        return new(prompt?.Trim() ?? "", negative?.Trim() ?? "", known);
    }

    /// <summary><c>512x768</c>; null where a side is missing.</summary>
    public static string? Size(string? width, string? height) => width is null || height is null ? null : $"{width}x{height}";

    private static JsonElement? TryParse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
