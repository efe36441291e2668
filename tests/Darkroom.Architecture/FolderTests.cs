using Darkroom.Architecture.Folders;
using Darkroom.Architecture.Sources;

namespace Darkroom.Architecture;

/// <summary>Inside a project folders point one way: no two of them know each other. <see cref="FolderPairs"/> says what counts as a pair.</summary>
public sealed class FolderTests
{
    // Pairs that are still to be parted. The list must equal what is found, so it can only shrink.
    private static readonly Dictionary<string, string[]> Known = new()
    {
        ["Darkroom.Engine"] = ["Execution ↔ Previews", "Execution ↔ Queue", "Previews ↔ Queue"],
    };

    public static TheoryData<string> Projects => [.. SourceTree.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_two_folders_know_each_other(string project)
    {
        SourceFile[] files = [.. SourceTree.Rooms.Where(file => file.Project == project)];
        string assembly = Path.Combine(AppContext.BaseDirectory, $"{project}.dll");
        var pairs = new FolderPairs(SourceUses.In(files).Concat(AssemblyUses.In(assembly, files)).Distinct());
        string[] known = Known.GetValueOrDefault(project, []);
        string[] found = [.. pairs.Names.Except(known)], gone = [.. known.Except(pairs.Names)];
        Assert.True(found.Length == 0, $"{project}: these folders know each other.\n{string.Join('\n', found.Select(pairs.Explain))}");
        Assert.True(gone.Length == 0, $"{project}: these pairs are no more; take them off the list: {string.Join(", ", gone)}");
    }
}
