using System.Text.RegularExpressions;
using Darkroom.Architecture.Sources;
using Darkroom.Architecture.Words;
using Darkroom.TestKit;

namespace Darkroom.Architecture;

/// <summary>Standard terms in plain modern English; <see cref="BannedWords"/> is the list of what is not.</summary>
public sealed partial class WordTests
{
    private const string ListItself = "tests/Darkroom.Architecture/Words/BannedWords.cs";

    [Fact]
    public void Names_are_the_fields_own() => Rule.Holds(
        "These names are on the list of Words/BannedWords.cs.",
        from file in SourceTree.Rooms
        from name in Identifier().Matches(file.Body).Select(match => match.Value).Append(Path.GetFileNameWithoutExtension(file.Path)).Distinct()
        where BannedWords.InNames().IsMatch(name)
        select $"{file.Path}: {name}");

    [Fact]
    public void Comments_messages_and_documents_are_plain_English() => Rule.Holds(
        "These words are on the list of Words/BannedWords.cs.",
        from text in SourceTree.Rooms.Concat(SourceTree.Tests).Select(file => (file.Path, Lines: file.Lines)).Concat(Documents())
        where text.Path != ListItself
        from line in text.Lines.Index()
        from match in BannedWords.InText().Matches(line.Item)
        select $"{text.Path}:{line.Index + 1}: {match.Value}");

    // What people wrote; the conformance pack's pages are copies.
    private static IEnumerable<(string Path, string[] Lines)> Documents() => Directory.EnumerateFiles(Repository.Root, "*.md")
        .Concat(new[] { "docs", "models", "examples" }.SelectMany(folder =>
            Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.md", SearchOption.AllDirectories)))
        .Select(path => (Path.GetRelativePath(Repository.Root, path), File.ReadAllLines(path)));

    [GeneratedRegex(@"[A-Za-z_]\w*")]
    private static partial Regex Identifier();
}
