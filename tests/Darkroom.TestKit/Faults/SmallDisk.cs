using System.Globalization;
using System.Runtime.InteropServices;

namespace Darkroom.TestKit.Faults;

/// <summary>A small disk in memory, mounted below a folder of its own. Linux and root only: elsewhere <see cref="TryMount"/> gives null.</summary>
public sealed class SmallDisk : IDisposable
{
    private const ulong Remount = 32; // MS_REMOUNT

    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <param name="mebibytes">Its size, MiB.</param>
    public static SmallDisk? TryMount(int mebibytes = 1)
    {
        if (!OperatingSystem.IsLinux()) return null;
        string path = Directory.CreateTempSubdirectory("darkroom-disk").FullName;
        if (Mount("tmpfs", path, "tmpfs", 0, Size(mebibytes)) == 0) return new(path);
        Directory.Delete(path);
        return null;
    }

    /// <summary>Gives it another size, as an operator does who enlarges a volume.</summary>
    public void Resize(int mebibytes)
    {
        if (Mount("tmpfs", Path, "tmpfs", Remount, Size(mebibytes)) != 0)
            throw new IOException($"The disk was not resized: error {Marshal.GetLastPInvokeError()}.");
    }

    /// <summary>Writes a file until nothing more fits.</summary>
    /// <returns>The file; who deletes it gives the room back.</returns>
    public string Fill()
    {
        string path = System.IO.Path.Combine(Path, "filler");
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] page = new byte[4096];
        try
        {
            while (true) file.Write(page);
        }
        catch (IOException)
        {
            return path; // it is full
        }
    }

    public void Dispose()
    {
        Unmount(Path, 2); // MNT_DETACH: what a failed test left open must not keep the mount
        Directory.Delete(Path);
    }

    private static string Size(int mebibytes) => string.Create(CultureInfo.InvariantCulture, $"size={mebibytes}m");

    [DllImport("libc", EntryPoint = "mount", SetLastError = true)]
    private static extern int Mount(string source, string target, string type, ulong flags, string data);

    [DllImport("libc", EntryPoint = "umount2", SetLastError = true)]
    private static extern int Unmount(string target, int flags);
}
