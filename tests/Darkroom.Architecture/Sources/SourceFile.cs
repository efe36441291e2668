using System.Text.RegularExpressions;

namespace Darkroom.Architecture.Sources;

/// <summary>One file of C#, as its reader sees it: where it lies, what it declares, which names it imports.</summary>
internal sealed partial class SourceFile
{
    public SourceFile(string path, string text)
    {
        Path = path.Replace('\\', '/');
        Text = text;
        (Code, Comments) = CodeText.Split(Text);
        string[] parts = Path.Split('/');
        Project = parts[1];
        Folder = string.Join('/', parts[2..^1]);
        Namespace = NamespaceLine().Match(Code) is { Success: true } match ? match.Groups[1].Value : "";
        Imports = [.. UsingLine().Matches(Code).Select(match => match.Groups[1].Value)];
        Body = NamespaceLine().Replace(UsingLine().Replace(Code, ""), "");
        Types = [.. OutermostTypes()];
    }

    /// <summary>From the root of the repository, with slashes.</summary>
    public string Path { get; }

    public string Project { get; }

    /// <summary>Below the project, with slashes; empty at its root.</summary>
    public string Folder { get; }

    public string Text { get; }

    public string Code { get; }

    public string Comments { get; }

    /// <summary>The code without the lines that name its namespace and its imports.</summary>
    public string Body { get; }

    public string Namespace { get; }

    public IReadOnlyList<string> Imports { get; }

    /// <summary>Names of the types that are nested in no other.</summary>
    public IReadOnlyList<string> Types { get; }

    /// <summary>The lines, with an empty one behind the last line's end.</summary>
    public string[] Lines => Text.Split('\n');

    /// <summary>How many lines there are.</summary>
    public int Length => Text.Length == 0 ? 0 : Lines.Length - (Text.EndsWith('\n') ? 1 : 0);

    private IEnumerable<string> OutermostTypes()
    {
        int depth = 0, from = 0;
        foreach (Match match in Declaration().Matches(Code))
        {
            for (; from < match.Index; from++)
                depth += Code[from] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
                yield return match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value;
        }
    }

    [GeneratedRegex(@"^namespace\s+([\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^(?:global\s+)?using\s+([\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex(
        @"\b(?:class|struct|interface|enum|record(?:\s+class|\s+struct)?)\s+(?!class\b|struct\b|where\b)(\w+)" +
        @"|\bdelegate\s[^;()]*?(\w+)\s*(?:<[^()]*>)?\s*\(")]
    private static partial Regex Declaration();
}
