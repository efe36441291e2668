using Darkroom.Models.Files;

namespace Darkroom.Models.Tests.Files;

public sealed class RealPathTests : IDisposable
{
    private readonly string root = RealPath.Of(Directory.CreateTempSubdirectory("darkroom-paths-").FullName);

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Links_text_is_read_from_where_the_link_really_lies()
    {
        Directory.CreateDirectory(Path.Combine(root, "store", "snapshots", "one"));
        File.WriteAllText(Path.Combine(root, "store", "blob"), "x");
        File.CreateSymbolicLink(Path.Combine(root, "store", "snapshots", "one", "file"), "../../blob");
        Directory.CreateSymbolicLink(Path.Combine(root, "linked"), Path.Combine(root, "store", "snapshots", "one"));
        Assert.Equal(Path.Combine(root, "store", "blob"), RealPath.Of(Path.Combine(root, "linked", "file")));
        Assert.Null(FileFault.Of(Path.Combine(root, "linked", "file")));
        Assert.Equal(1, FileFault.LengthOf(new FileInfo(Path.Combine(root, "linked", "file"))));
    }

    [Fact]
    public void Two_dots_behind_a_link_lead_out_of_what_it_stands_for()
    {
        Directory.CreateDirectory(Path.Combine(root, "a", "b"));
        Directory.CreateSymbolicLink(Path.Combine(root, "short"), Path.Combine("a", "b"));
        Assert.Equal(Path.Combine(root, "a", "c"), RealPath.Of(Path.Combine(root, "short", "..", "c")));
    }

    [Fact]
    public void Links_in_a_circle_end()
    {
        Directory.CreateSymbolicLink(Path.Combine(root, "one"), "two");
        Directory.CreateSymbolicLink(Path.Combine(root, "two"), "one");
        Assert.StartsWith(root, RealPath.Of(Path.Combine(root, "one", "x")), StringComparison.Ordinal);
        Assert.Equal("is a link to nothing", FileFault.Of(Path.Combine(root, "one")));
    }

    [Fact]
    public void Folder_beside_one_of_the_same_beginning_is_not_below_it() =>
        Assert.Equal((true, false), (RealPath.IsBelow("/a/b/c", "/a/b/"), RealPath.IsBelow("/a/bc", "/a/b")));
}
