namespace Darkroom.Storage.Files;

/// <summary>The disk that a folder lies on.</summary>
public sealed class DiskSpace(string folder)
{
    private const long GiB = 1L << 30;

    /// <summary>Bytes that this process may still write.</summary>
    public long FreeBytes => Drive.AvailableFreeSpace;

    /// <summary>What is left free where nobody says how much: 1 GiB, or a twentieth of a small disk.</summary>
    public long DefaultReserve => Math.Min(GiB, Drive.TotalSize / 20);

    private DriveInfo Drive { get; } = new(folder);

    /// <summary>Whether a write failed because the disk, or the share of it that this user may take, is full.</summary>
    public static bool IsFull(IOException failure)
    {
        int code = failure.HResult & 0xFFFF; // the C library's errno, or Windows' code
        return OperatingSystem.IsWindows() ? code is 39 or 112 // ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL
            : code == 28 || code == (OperatingSystem.IsLinux() ? 122 : 69); // ENOSPC, EDQUOT
    }
}
