using System.Runtime.InteropServices;

namespace Darkroom.Models.Sessions;

/// <summary>
/// Asks Linux to back memory that is about to be filled by pages of 2 MiB. A gigabyte is touched for the first time in 512 steps then and not in 262,144, each
/// of which enters the kernel; it takes a third of the time and less (docs/decisions/0033-graphs-written.md).
/// </summary>
internal static unsafe class LargePages
{
    /// <summary>Bytes of one, on x86-64 and on arm64 with base pages of 4 KiB.</summary>
    public const int Size = 1 << 21;

    /// <summary>From this many bytes on memory is a mapping of its own, so that the wish ends with it.</summary>
    public const long Least = 64L << 20;

    private const int HugePage = 14; // MADV_HUGEPAGE of linux/mman.h

    /// <summary>A wish: a system without such pages, or with none free, uses its usual ones.</summary>
    /// <param name="memory">Its first byte, on a boundary of <see cref="Size"/>.</param>
    /// <param name="bytes">Its length.</param>
    public static void Advise(void* memory, long bytes)
    {
        if (OperatingSystem.IsLinux()) _ = Advise(memory, (nuint)bytes, HugePage);
    }

    [DllImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Advise(void* address, nuint length, int advice);
}
