namespace Darkroom.Imaging.Metadata;

/// <summary>
/// What an extension of A1111's for random prompts writes behind the fields: <c>Template: …</c> and <c>Negative Template: …</c>, of any number of lines.
/// They would make the fields a part of the prompt.
/// </summary>
internal static class ParametersTemplates
{
    private const string Template = "Template:", Negative = "Negative Template:";

    /// <summary>A text without its templates, and those.</summary>
    /// <param name="text">The whole.</param>
    /// <param name="isFields">Whether a line is one of fields: templates stand behind such a line alone.</param>
    public static (string Text, IReadOnlyList<KeyValuePair<string, string>> Templates) Split(string text, Func<string, bool> isFields)
    {
        string[] lines = text.Split('\n');
        int first = lines.Length > 1 ? Array.FindIndex(lines, 1, IsStart) : -1;
        while (first > 0 && !isFields(lines[first - 1])) first = first + 1 < lines.Length ? Array.FindIndex(lines, first + 1, IsStart) : -1;
        if (first <= 0) return (text, []);
        var templates = new List<KeyValuePair<string, string>>();
        for (int i = first; i < lines.Length;)
        {
            int end = i + 1;
            while (end < lines.Length && !IsStart(lines[end])) end++;
            string name = lines[i].StartsWith(Negative, StringComparison.Ordinal) ? Negative : Template;
            templates.Add(new(name[..^1], string.Join('\n', lines[i..end])[name.Length..].Trim()));
            i = end;
        }
        return (string.Join('\n', lines[..first]), templates);
    }

    private static bool IsStart(string line) =>
        line.StartsWith(Template, StringComparison.Ordinal) || line.StartsWith(Negative, StringComparison.Ordinal);
}
