using System.Text;

namespace Darkroom.Architecture.Sources;

/// <summary>C# without its comments and without the text of its strings. Lines keep their numbers; expressions inside interpolated strings stay.</summary>
internal sealed class CodeText
{
    private readonly string source;
    private readonly StringBuilder code = new();
    private readonly StringBuilder comments = new();
    private int at;

    private CodeText(string source) => this.source = source;

    /// <summary>The code and the comments of <paramref name="source"/>, each with the lines of the whole.</summary>
    public static (string Code, string Comments) Split(string source)
    {
        var text = new CodeText(source);
        text.ReadCode(holeBraces: 0);
        return (text.code.ToString(), text.comments.ToString());
    }

    // Reads code up to the end of the file or, inside a hole of an interpolated string, up to the braces that close it.
    private void ReadCode(int holeBraces)
    {
        int depth = 0;
        while (at < source.Length)
        {
            if (Starts("//"))
                Comment(source.IndexOf('\n', at) is var end and >= 0 ? end : source.Length);
            else if (Starts("/*"))
                Comment(source.IndexOf("*/", at + 2, StringComparison.Ordinal) is var end and >= 0 ? end + 2 : source.Length);
            else if (StringAhead() is { } opening)
                ReadString(opening.Dollars, opening.Verbatim, opening.Quotes);
            else if (source[at] == '\'')
                ReadCharacter();
            else if (holeBraces > 0 && depth == 0 && source[at] == '}')
                return;
            else
            {
                depth += source[at] switch { '{' => 1, '}' => -1, _ => 0 };
                Keep(1);
            }
        }
    }

    private bool Starts(string sign) => string.CompareOrdinal(source, at, sign, 0, sign.Length) == 0;

    private int Run(char sign, int from)
    {
        int end = from;
        while (end < source.Length && source[end] == sign)
            end++;
        return end - from;
    }

    private (int Dollars, bool Verbatim, int Quotes)? StringAhead()
    {
        int from = at, dollars = 0;
        bool verbatim = false;
        for (; from < source.Length && source[from] is '$' or '@'; from++)
        {
            if (source[from] == '$')
                dollars++;
            else
                verbatim = true;
        }

        int quotes = from < source.Length ? Run('"', from) : 0;
        if (quotes == 0)
            return null;
        return (dollars, verbatim, verbatim || quotes < 3 ? 1 : quotes);
    }

    private void ReadString(int dollars, bool verbatim, int quotes)
    {
        while (source[at] != '"')
            at++;
        at += quotes;
        code.Append("\"\"");
        while (at < source.Length)
        {
            if (quotes >= 3 ? Run('"', at) >= quotes : source[at] == '"' && !(verbatim && Run('"', at) >= 2))
            {
                // Quotes in front of the closing ones belong to a raw string's text.
                at += quotes >= 3 ? Run('"', at) : 1;
                return;
            }

            if (quotes == 1 && (verbatim ? source[at] == '"' : source[at] == '\\'))
                Drop(2);
            else if (dollars > 0 && source[at] == '{' && Run('{', at) is var braces && (quotes >= 3 ? braces >= dollars : braces % 2 == 1))
                ReadHole(braces, quotes >= 3 ? dollars : 1);
            else
                Drop(dollars > 0 && quotes == 1 && source[at] == '{' ? Run('{', at) : 1);
        }
    }

    private void ReadHole(int braces, int holeBraces)
    {
        at += braces;
        code.Append(' ');
        ReadCode(holeBraces);
        at = Math.Min(source.Length, at + holeBraces);
        code.Append(' ');
    }

    private void ReadCharacter()
    {
        at++;
        while (at < source.Length && source[at] is not ('\'' or '\n'))
            at += source[at] == '\\' ? 2 : 1;
        at++;
        code.Append("' '");
    }

    private void Comment(int end)
    {
        while (at < end)
        {
            comments.Append(source[at]);
            if (source[at] == '\n')
                code.Append('\n');
            at++;
        }
    }

    private void Drop(int count)
    {
        for (; count > 0 && at < source.Length; count--, at++)
        {
            if (source[at] != '\n')
                continue;
            code.Append('\n');
            comments.Append('\n');
        }
    }

    private void Keep(int count)
    {
        if (source[at] == '\n')
            comments.Append('\n');
        code.Append(source, at, count);
        at += count;
    }
}
