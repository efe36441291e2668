using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Darkroom.Models.Sessions;

/// <summary>
/// How the C library keeps memory that was freed. glibc gives threads up to eight heaps for each core, and after the first large block that is freed it
/// takes blocks as large from those heaps too: sessions that come and go on whatever thread then leave holes in all of them, which go back to nobody. Few
/// heaps, and large blocks outside of them, keep what a process holds near what it uses (docs/reliability.md has the figures).
/// </summary>
public static class NativeHeap
{
    // malloc.h of glibc.
    private const int MmapThreshold = -3, ArenaMax = -8;

    /// <summary>Heaps that small blocks come from; those that the runtime's own threads have by now stay.</summary>
    private const int Heaps = 2;

    /// <summary>From this size on a block is a mapping of its own, which is given back when it is freed.</summary>
    private const int LargeBlock = 1 << 20;

    /// <summary>Variables by which an operator chooses for himself.</summary>
    private static readonly string[] Chosen = ["MALLOC_ARENA_MAX", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES"];

    private static readonly TimeSpan BetweenTrims = TimeSpan.FromSeconds(5);

    private static long trimmed;

    /// <summary>Sets it up; to be called before other threads are started. Does nothing where the C library is another one.</summary>
    /// <returns>Whether it was set.</returns>
    public static bool Configure()
    {
        if (!OperatingSystem.IsLinux() || Array.Exists(Chosen, name => Environment.GetEnvironmentVariable(name) is { Length: > 0 })) return false;
        try
        {
            return SetOption(ArenaMax, Heaps) != 0 && SetOption(MmapThreshold, LargeBlock) != 0;
        }
        catch (EntryPointNotFoundException)
        {
            return false; // musl
        }
    }

    /// <summary>
    /// Gives back the pages of whatever small blocks were freed, unless that was done in the last seconds: for those who just freed much. Takes milliseconds.
    /// </summary>
    internal static void GiveBack()
    {
        long last = Interlocked.Read(ref trimmed);
        if (last != 0 && Stopwatch.GetElapsedTime(last) < BetweenTrims) return;
        if (Interlocked.CompareExchange(ref trimmed, Stopwatch.GetTimestamp(), last) == last) Trim();
    }

    internal static void Trim()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = TrimHeaps(0);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has none
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int TrimHeaps(nuint keep);

    [DllImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetOption(int option, int value);
}
