using System.Text;

namespace Darkroom.Server.Security;

/// <summary>Makes small files of what is nobody else's.</summary>
internal static class PrivateFile
{
    /// <summary>Writes a file that is not there, for its owner alone; after a crash it is there whole or not at all.</summary>
    /// <param name="path">Its folder is made where it is missing.</param>
    /// <param name="line">ASCII.</param>
    public static void Create(string path, string line)
    {
        PrivateFolder.Create(Path.GetDirectoryName(path)!);
        var fresh = path + ".new";
        File.Delete(fresh); // of a process that was killed; its mode may be another
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(fresh, options))
        {
            file.Write(Encoding.ASCII.GetBytes(line + "\n"));
            file.Flush(flushToDisk: true); // before it has its name: a crash leaves none or a whole one
        }
        File.Move(fresh, path);
    }
}
