using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Darkroom.Imaging.Metadata;

/// <summary>How a field's value is quoted in a parameters text: a JSON string as Python's <c>json.dumps(…, ensure_ascii=False)</c> writes it.</summary>
internal static class ParametersQuoting
{
    /// <summary>
    /// Quotes a value that holds a comma, a colon or a line feed: A1111's rule. Also one that would not come back plain (empty, blank at an end, or led by a
    /// quote, which may swallow the fields after it); A1111 loses those when it writes them, but reads them so.
    /// </summary>
    public static string Quote(string value) =>
        value.AsSpan().IndexOfAny(',', ':', '\n') >= 0 || value.Length == 0 || value.Trim().Length != value.Length || value[0] == '"' ? Dump(value) : value;

    /// <summary>The value of a JSON string; anything else as it is.</summary>
    public static string Unquote(string value)
    {
        if (!IsQuoted(value)) return value;
        try
        {
            using var document = JsonDocument.Parse(value);
            return document.RootElement.GetString() ?? value;
        }
        // Malformed, or an escaped half of a surrogate pair.
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return value;
        }
    }

    private static bool IsQuoted(string value) => value is ['"', .., '"'];

    // System.Text.Json escapes more than Python does (all beyond the basic plane, for one), and the bytes are to be the same.
    private static string Dump(string value)
    {
        var text = new StringBuilder(value.Length + 8).Append('"');
        foreach (char character in value)
            _ = character switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append(@"\\"),
                '\n' => text.Append(@"\n"),
                '\r' => text.Append(@"\r"),
                '\t' => text.Append(@"\t"),
                '\b' => text.Append(@"\b"),
                '\f' => text.Append(@"\f"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $@"\u{(int)character:x4}"),
                _ => text.Append(character),
            };
        return text.Append('"').ToString();
    }
}
