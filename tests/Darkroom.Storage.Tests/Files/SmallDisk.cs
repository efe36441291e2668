using System.Runtime.InteropServices;

namespace Darkroom.Storage.Tests.Files;

/// <summary>A disk of 1 MiB in memory, mounted below a folder of its own. Linux and root only: elsewhere <see cref="TryMount"/> gives null.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    public static SmallDisk? TryMount()
    {
        if (!OperatingSystem.IsLinux()) return null;
        string path = Directory.CreateTempSubdirectory("darkroom-disk").FullName;
        if (Mount("tmpfs", path, "tmpfs", 0, "size=1m") == 0) return new(path);
        Directory.Delete(path);
        return null;
    }

    public void Dispose()
    {
        Unmount(Path, 2); // MNT_DETACH: what a failed test left open must not keep the mount
        Directory.Delete(Path);
    }

    [DllImport("libc", EntryPoint = "mount", SetLastError = true)]
    private static extern int Mount(string source, string target, string type, ulong flags, string data);

    [DllImport("libc", EntryPoint = "umount2", SetLastError = true)]
    private static extern int Unmount(string target, int flags);
}
