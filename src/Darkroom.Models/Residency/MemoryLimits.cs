using System.Globalization;

namespace Darkroom.Models.Residency;

/// <summary>
/// How the memory that the process may have is divided, in bytes. Every part has a share of its own that it never exceeds, and together they are less than the
/// limit, so none has to ask the others: pixels and texts cannot take a call's room, nor calls theirs.
/// </summary>
/// <param name="ProcessBytes">What the process may have: the machine's memory, or the smallest limit of a control group that it is in.</param>
/// <param name="HeapBytes">What the managed heap may have, garbage included.</param>
public sealed record MemoryLimits(long ProcessBytes, long HeapBytes)
{
    private const long MiB = 1 << 20;

    /// <summary>Of the heap what may be alive at once; the rest is for what waits to be collected.</summary>
    private const double Alive = 0.6;

    /// <summary>The heap of <see cref="WithSmallHeap"/>: of it, pixels and files have 115 MiB.</summary>
    public const long SmallHeapBytes = 192 * MiB;

    /// <summary>More than this the pixels of all jobs never need.</summary>
    private const long MaxManaged = 4L << 30;

    /// <summary>
    /// The runtime, code, stacks, and what libraries and the C library's heaps take that nobody counts: 150 MiB were measured on a server at rest, 300 to 420
    /// on one of four models under load. What it is at the moment the ledger measures (<see cref="MemoryLedger"/>).
    /// </summary>
    public long BaseBytes => Math.Max(Math.Clamp(ProcessBytes / 5, 192 * MiB, 384 * MiB), ProcessBytes / 16);

    /// <summary>This process's.</summary>
    public static MemoryLimits OfProcess { get; } = new(
        Math.Min(ControlGroup.LimitBytes(), MachineBytes()), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>The same process with as small a managed heap as a server of single pictures needs, for models that would not fit otherwise.</summary>
    public MemoryLimits WithSmallHeap() => this with { HeapBytes = Math.Min(HeapBytes, SmallHeapBytes) };

    /// <summary>Pixels, files and texts that are alive.</summary>
    public long ManagedBytes => (long)Math.Min(MaxManaged, Math.Min(HeapBytes, 0.35 * ProcessBytes) * Alive);

    /// <summary>Weights and what calls need beside them.</summary>
    public long NativeBytes => Math.Max(64 * MiB, ProcessBytes - (long)(ManagedBytes / Alive) - BaseBytes);

    /// <summary>The most that calls may hold, all of them together, whatever was estimated. The rest is for weights at least.</summary>
    public long CallBytes => NativeBytes / 8 * 7;

    /// <summary>Weights where the settings do not say.</summary>
    public long WeightBytes => NativeBytes / 2;

    /// <summary>State of rows in flight.</summary>
    public long RowBytes => ManagedBytes / 8 * 3;

    /// <summary>State of one job's rows: alone among large ones it may have more than its share.</summary>
    public long StateBytes => ManagedBytes / 4 * 3;

    /// <summary>Files that callers send.</summary>
    public long InputBytes => ManagedBytes / 4;

    /// <summary>Pictures that are being decoded before their job is admitted.</summary>
    public long DecodeBytes => ManagedBytes / 8;

    /// <summary>Each of what is kept for later use: finished pictures, decoded ones, conditionings.</summary>
    public long KeptBytes => ManagedBytes / 16;

    private static long MachineBytes()
    {
        const string path = "/proc/meminfo";
        if (File.Exists(path))
            foreach (string line in File.ReadLines(path))
                if (line.StartsWith("MemTotal:", StringComparison.Ordinal)
                    && long.TryParse(line["MemTotal:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out long kilobytes))
                    return kilobytes * 1024;
        return GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
    }
}
