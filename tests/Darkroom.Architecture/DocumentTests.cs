using Darkroom.Architecture.Documents;
using Darkroom.TestKit;

namespace Darkroom.Architecture;

/// <summary>What documents point at is there, and what is there for them is pointed at.</summary>
public sealed class DocumentTests
{
    [Fact]
    public void Every_path_that_a_document_names_exists()
    {
        var paths = Everything(Repository.Root).Select(path => '/' + Path.GetRelativePath(Repository.Root, path).Replace('\\', '/')).ToList();
        var named = Named();
        Assert.True(named.Count > 100, "The paths were not found.");
        // A room may be named without "Darkroom.": Engine/Stages.
        Rule.Holds("These paths are named and not there.", named
            .Where(one => !paths.Exists(path =>
                path.EndsWith('/' + one.Path, StringComparison.Ordinal) || path.EndsWith("Darkroom." + one.Path, StringComparison.Ordinal)))
            .Select(one => $"{one.Page}: {one.Path}"));
    }

    [Fact]
    public void Every_picture_of_the_documents_is_shown_by_one()
    {
        string[] pictures =
        [
            .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs")).Where(file => Path.GetExtension(file) is ".png" or ".svg")
                .Select(file => "docs/" + Path.GetFileName(file)),
        ];
        Assert.Contains("docs/apple.png", pictures);
        Rule.Holds("These pictures are in no document.", pictures.Except(Named().Select(one => one.Path)));
    }

    /// <summary>The paths that documents name, as far as they tell them.</summary>
    private static List<(string Page, string Path)> Named()
    {
        var pages = Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Concat(["README.md", "CONTRIBUTING.md", "examples/README.md"])
            .Select(page => Path.GetRelativePath(Repository.Root, Path.GetFullPath(page, Repository.Root)));
        return
        [
            .. pages.SelectMany(page => NamedPaths.Of(page.Replace('\\', '/'), File.ReadAllText(Path.Combine(Repository.Root, page))),
                (page, path) => (Page: page, Path: path)),
        ];
    }

    private static IEnumerable<string> Everything(string folder) => Directory.EnumerateFiles(folder).Concat(
        Directory.EnumerateDirectories(folder).Where(path => Path.GetFileName(path) is not ("bin" or "obj" or ".git"))
            .SelectMany(path => Everything(path).Prepend(path)));
}
