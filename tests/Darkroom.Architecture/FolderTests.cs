using Darkroom.Architecture.Folders;
using Darkroom.Architecture.Sources;

namespace Darkroom.Architecture;

/// <summary>Inside a project folders point one way: no two of them know each other. <see cref="FolderPairs"/> says what counts as a pair.</summary>
public sealed class FolderTests
{
    public static TheoryData<string> Projects => [.. SourceTree.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_two_folders_know_each_other(string project)
    {
        SourceFile[] files = [.. SourceTree.Rooms.Where(file => file.Project == project)];
        string assembly = BuiltAssembly.PathOf(project);
        var pairs = new FolderPairs(SourceUses.In(files).Concat(AssemblyUses.In(assembly, files)).Distinct());
        string[] found = [.. pairs.Names];
        Assert.True(found.Length == 0, $"{project}: these folders know each other.\n{string.Join('\n', found.Select(pairs.Explain))}");
    }
}
