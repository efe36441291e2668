using System.Text.RegularExpressions;

namespace Darkroom.Architecture.Packages;

/// <summary>The table of libraries in the notices: which packages a row is about, and the licence that it says.</summary>
internal sealed partial class Notices(string text)
{
    public IReadOnlyList<Notice> Rows { get; } =
    [
        .. from line in text.Split("\n## ").First(section => section.StartsWith("Libraries", StringComparison.Ordinal)).Split('\n')
           let cells = line.Split('|')
           where cells.Length >= 4
           let names = Code().Matches(cells[1]).Select(match => match.Groups[1].Value).ToArray()
           where names.Length > 0
           select new Notice(names, cells[2].Trim()),
    ];

    public IEnumerable<Notice> Of(string package) => Rows.Where(row => row.Names.Any(name => Covers(name, package)));

    /// <param name="name">Of a package; <c>X.*</c> is everything below it.</param>
    public static bool Covers(string name, string package) => name.EndsWith(".*", StringComparison.Ordinal)
        ? package.StartsWith(name[..^1], StringComparison.OrdinalIgnoreCase) : package.Equals(name, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}

/// <summary>A row.</summary>
internal sealed record Notice(IReadOnlyList<string> Names, string Licence);
