using System.Text.RegularExpressions;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Documents;

/// <summary>A block of commands in a document, and what the comment before it says of running it.</summary>
/// <param name="Document">Path within the repository.</param>
/// <param name="Line">Its first line, from 1.</param>
/// <param name="Text">The commands.</param>
/// <param name="Runs">Whether a test runs it; null: nobody says.</param>
/// <param name="Reason">Why it is not run.</param>
internal sealed partial record CommandBlock(string Document, int Line, string Text, bool? Runs, string? Reason)
{
    /// <summary>What a fenced block holds that is no commands.</summary>
    private static readonly string[] Data = ["csharp", "ini", "json", "nginx", "sql", "text", "toml", "yaml", "caddy"];

    /// <summary>README, CONTRIBUTING and everything under docs, deploy and examples.</summary>
    public static IReadOnlyList<string> Documents { get; } =
    [
        .. new[] { ".", "docs", "deploy", "examples" }.Select(folder => Path.Combine(Repository.Root, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(
                folder, "*.md", folder.EndsWith('.') ? SearchOption.TopDirectoryOnly : SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file)).Order(StringComparer.Ordinal),
    ];

    public string Place => $"{Document}:{Line}";

    /// <summary>The blocks of one document: fenced ones but for data, and all that are indented.</summary>
    public static IReadOnlyList<CommandBlock> Read(string document)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, document));
        var blocks = new List<CommandBlock>();
        string before = "";
        for (int at = 0; at < lines.Length; at++)
        {
            string line = lines[at];
            int first = at;
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                for (at++; at < lines.Length && !lines[at].StartsWith("```", StringComparison.Ordinal); at++) { }
                if (!Data.Contains(line[3..].Trim())) blocks.Add(Of(document, first + 2, lines[(first + 1)..at], before));
            }
            else if (line.StartsWith("    ", StringComparison.Ordinal) && (at == 0 || lines[at - 1].Length == 0) && !IsOfList(lines, at))
            {
                while (GoesOn(lines, at + 1)) at++;
                blocks.Add(Of(document, first + 1, lines[first..(at + 1)].Select(one => one.Length == 0 ? "" : one[4..]), before));
            }
            else if (line.Length == 0) continue;
            before = line;
        }
        return blocks;
    }

    private static bool GoesOn(string[] lines, int at) =>
        at < lines.Length && (IsIndented(lines[at]) || (lines[at].Length == 0 && at + 1 < lines.Length && IsIndented(lines[at + 1])));

    private static bool IsIndented(string line) => line.StartsWith("    ", StringComparison.Ordinal);

    // A paragraph of an item is indented like code.
    private static bool IsOfList(string[] lines, int at)
    {
        for (int above = at - 1; above >= 0; above--)
            if (lines[above].Length > 0 && !lines[above].StartsWith(' ')) return Item().IsMatch(lines[above]);
        return false;
    }

    private static CommandBlock Of(string document, int line, IEnumerable<string> text, string before)
    {
        var said = Marker().Match(before);
        return new(document, line, string.Join('\n', text), !said.Success ? null : said.Groups["not"].Length == 0, said.Groups["reason"].Value);
    }

    [GeneratedRegex("^<!-- (?:run|(?<not>not )run: (?<reason>\\S.*)) -->$")]
    private static partial Regex Marker();

    [GeneratedRegex(@"^(?:[-*]|\d+\.) ")]
    private static partial Regex Item();
}
