using System.Text;
using System.Text.RegularExpressions;

namespace Darkroom.Imaging.Metadata;

/// <summary>
/// The infotext of AUTOMATIC1111: the prompt, a line <c>Negative prompt: …</c> where there is one, and a last line of fields <c>name: value, name: value</c>.
/// </summary>
/// <remarks>
/// The grammar is a habit, not a language; what it cannot hold is lost here as it is there:
/// white space around lines of a prompt, a prompt line that begins with
/// <c>Negative prompt:</c>, fields where there are fewer than three, and a field whose value equals its name.
/// </remarks>
public static class ParametersText
{
    private const string NegativePrefix = "Negative prompt:";

    /// <summary>Fewer fields than this on the last line, and it is a line of the prompt.</summary>
    private const int MinFields = 3;

    // Same language as A1111's expression. Without backtracking a hostile text costs time in proportion to its length.
    private static readonly Regex Field = new(
        """\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)""", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>Writes the text.</summary>
    /// <param name="prompt">Any text.</param>
    /// <param name="negativePrompt">Any text; no line where it is empty.</param>
    /// <param name="fields">
    /// In the order they are to stand. Names: letters, digits, blanks, <c>-</c> and <c>/</c>, two characters or more, else they are not read back.
    /// </param>
    public static string Write(string prompt, string negativePrompt, IEnumerable<KeyValuePair<string, string>> fields)
    {
        var text = new StringBuilder(prompt);
        if (negativePrompt.Length > 0) text.Append('\n').Append(NegativePrefix).Append(' ').Append(negativePrompt);
        var written = fields.Select(field => field.Key == field.Value ? field.Key : $"{field.Key}: {ParametersQuoting.Quote(field.Value)}");
        text.Append('\n').AppendJoin(", ", written);
        return text.ToString().Trim();
    }

    /// <summary>A text of any origin with further fields at its end.</summary>
    /// <param name="text">May have no fields, or be empty.</param>
    /// <param name="fields">What is added.</param>
    /// <param name="last">Stands after them where they are a line of their own: two fields would be read as prompt.</param>
    public static string Append(string text, IReadOnlyList<KeyValuePair<string, string>> fields, KeyValuePair<string, string> last)
    {
        text = text.TrimEnd();
        if (fields.Count == 0) return text;
        if (Field.Count(text[(text.LastIndexOf('\n') + 1)..]) >= MinFields) return $"{text.TrimEnd(',')}, {Write("", "", fields)}";
        return $"{text}\n{Write("", "", [.. fields, last])}".TrimStart();
    }

    /// <summary>Reads a text of any origin; whatever does not look like fields is prompt.</summary>
    public static ParsedParameters Parse(string text)
    {
        var (body, templates) = ParametersTemplates.Split(text.Trim(), static line => Field.Count(line) >= MinFields);
        string[] lines = body.Split('\n');
        var fields = Field.Matches(lines[^1]);
        bool hasFields = fields.Count >= MinFields;
        var (prompt, negative) = ReadPrompts(hasFields ? lines.AsSpan()[..^1] : lines);
        var read = ReadFields(hasFields ? fields : []);
        foreach (var (name, template) in templates) read.TryAdd(name, template);
        return new ParsedParameters(prompt, negative, read);
    }

    private static (string Prompt, string Negative) ReadPrompts(ReadOnlySpan<string> lines)
    {
        var (prompt, negative) = (new StringBuilder(), new StringBuilder());
        var current = prompt;
        foreach (string raw in lines)
        {
            string line = raw.Trim();
            if (line.StartsWith(NegativePrefix, StringComparison.Ordinal))
            {
                current = negative;
                line = line[NegativePrefix.Length..].Trim();
            }
            if (current.Length > 0) current.Append('\n');
            current.Append(line);
        }
        return (prompt.ToString(), negative.ToString());
    }

    private static OrderedDictionary<string, string> ReadFields(IEnumerable<Match> matches)
    {
        var fields = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        // A1111 stumbles over an empty value and passes on; so does this.
        foreach (var match in matches.Where(match => match.Groups[2].Length > 0))
            fields[match.Groups[1].Value] = ParametersQuoting.Unquote(match.Groups[2].Value);
        return fields;
    }
}
