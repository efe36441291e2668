using System.Text;

namespace Darkroom.Server.Automatic1111.Styles;

/// <param name="Line">On which it begins, from 1.</param>
/// <param name="Fields">One at least.</param>
internal readonly record struct CsvRow(int Line, IReadOnlyList<string> Fields);

/// <summary>
/// Rows of values with commas between (RFC 4180), with the habits of the reader that AUTOMATIC1111 uses: blanks before a value are none of it, what follows a
/// closing quote belongs to the value, and a quote within a plain value is a letter.
/// </summary>
internal static class CsvRows
{
    /// <param name="text">Without a byte order mark.</param>
    /// <returns>Rows that have something in them.</returns>
    /// <exception cref="InvalidDataException">A quote is never closed, which would make one value of all that follows; the message is a predicate.</exception>
    public static IEnumerable<CsvRow> Of(string text)
    {
        for (int at = 0, line = 1; at < text.Length;)
        {
            var row = new CsvRow(line, ReadRow(text, ref at, ref line));
            if (row.Fields is not [""]) yield return row;
        }
    }

    private static List<string> ReadRow(string text, ref int at, ref int line)
    {
        var fields = new List<string>();
        while (true)
        {
            while (at < text.Length && text[at] == ' ') at++;
            var field = at < text.Length && text[at] == '"' ? Quoted(text, ref at, ref line) : "";
            int from = at;
            while (at < text.Length && text[at] is not (',' or '\r' or '\n')) at++;
            fields.Add(field + text[from..at]);
            if (at == text.Length) return fields;
            char end = text[at++];
            if (end == ',') continue;
            if (end == '\r' && at < text.Length && text[at] == '\n') at++;
            line++;
            return fields;
        }
    }

    private static string Quoted(string text, ref int at, ref int line)
    {
        var (opened, field) = (line, new StringBuilder());
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                if (at + 1 == text.Length || text[at + 1] != '"')
                {
                    at++;
                    return field.ToString();
                }
                at++; // doubled: one that is meant
            }
            if (text[at] == '\n' || (text[at] == '\r' && (at + 1 == text.Length || text[at + 1] != '\n'))) line++;
            field.Append(text[at]);
        }
        throw new InvalidDataException($"has a quote in line {opened} that is never closed");
    }
}
