using Darkroom.Server.Configuration;

namespace Darkroom.Server.Tests.Configuration;

/// <summary>The folder of what the server keeps is its owner's alone.</summary>
public sealed class DataFolderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-data-folder-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Folder_that_is_made_is_nobody_elses_and_one_that_is_there_stays_as_it_is()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has other rights.");
            return;
        }
        var made = Path.Combine(folder, "new", "data");
        Assert.Null(DataFolder.FaultOf(made));
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.Equal(owner, File.GetUnixFileMode(made));
        const UnixFileMode shared = owner | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;
        File.SetUnixFileMode(made, shared);
        Assert.Null(DataFolder.FaultOf(made));
        Assert.Equal(shared, File.GetUnixFileMode(made));
    }
}
