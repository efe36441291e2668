using Darkroom.TestKit;

namespace Darkroom.Architecture.Sources;

/// <summary>All files of C# that people wrote.</summary>
internal static class SourceTree
{
    /// <summary>Those of the rooms, below <c>src</c>.</summary>
    public static IReadOnlyList<SourceFile> Rooms { get; } = Read("src");

    public static IReadOnlyList<SourceFile> Tests { get; } = Read("tests");

    public static IEnumerable<string> Projects => Rooms.Select(file => file.Project).Distinct().Order(StringComparer.Ordinal);

    private static SourceFile[] Read(string folder) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(Repository.Root, path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(Path.GetRelativePath(Repository.Root, path), File.ReadAllText(path))),
    ];
}
