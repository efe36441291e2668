using System.Runtime.InteropServices;

namespace Darkroom.Storage.Files;

/// <summary>
/// Has a folder's entries written to the disk, which flushing a file leaves out: without it a renamed file may be missing after a power cut.
/// .NET opens no folders, so the C library is asked. Windows has no such call; NTFS writes its journal of renames by itself, within seconds.
/// </summary>
internal static class FolderFlush
{
    // O_RDONLY, and on Linux O_CLOEXEC: no program that is started meanwhile inherits it.
    private static readonly int ReadOnly = OperatingSystem.IsLinux() ? 0x80000 : 0;

    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        int descriptor = Open(folder, ReadOnly);
        if (descriptor < 0) throw Failure(folder);
        try
        {
            if (Sync(descriptor) != 0) throw Failure(folder);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>With the number of the error, as .NET's own exceptions of files have it.</summary>
    private static IOException Failure(string folder)
    {
        int error = Marshal.GetLastPInvokeError();
        return new($"The folder {folder} could not be flushed: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
