using System.Text.RegularExpressions;

namespace Darkroom.Architecture.Documents;

/// <summary>The paths that a page names.</summary>
internal static partial class NamedPaths
{
    /// <summary>
    /// Paths from the root wherever they stand, ends of paths in code (<c>Scheduling/StepScheduler.cs</c>, <c>EulerDiscrete.cs</c>), and links, which stand
    /// below the page's own folder. A path with a placeholder in it (<c>NAME</c>, <c>Your…</c>) names nothing yet, nor does one that a build makes.
    /// </summary>
    /// <param name="page">Of the document, from the root, with slashes.</param>
    /// <param name="text">Its text.</param>
    public static IEnumerable<string> Of(string page, string text)
    {
        string folder = page.Contains('/', StringComparison.Ordinal) ? page[..page.LastIndexOf('/')] : "";
        var links = Link().Matches(text).Select(match => match.Groups[1].Value).Where(link => !link.Contains(':', StringComparison.Ordinal))
            .Select(link => Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", folder, link))).Replace('\\', '/'));
        return FromRoot().Matches(text).Concat(InCode().Matches(text)).Select(match => match.Groups[1].Value.TrimEnd('.', '/')).Concat(links)
            .Where(path => !NotThere().IsMatch(path)).Distinct();
    }

    [GeneratedRegex(@"(?<![\w/.])((?:src|tests|docs|models)/[\w.\-/]+)(?![\w*])")]
    private static partial Regex FromRoot();

    [GeneratedRegex(@"`((?:[A-Z][\w.]*/[\w.\-/]*|[A-Z][\w.]*\.cs))`")]
    private static partial Regex InCode();

    [GeneratedRegex(@"\]\(([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\bYour|\bNAME\b|/bin/")]
    private static partial Regex NotThere();
}
