using Darkroom.Models.Sessions;

namespace Darkroom.Models.Residency;

/// <summary>
/// What the process holds beside weights, calls and the managed heap: code, stacks, what libraries keep, and what the C library's heaps keep of blocks that
/// were freed. Some of it is set aside; calls have less room by what is beyond, since the kernel counts all of it.
/// </summary>
/// <param name="setAside">Bytes.</param>
/// <param name="time">Says when to look again.</param>
/// <param name="measure">What the process has in memory and its managed heap committed, in bytes; null: as the system tells.</param>
public sealed class BesideMemory(long setAside, TimeProvider time, Func<(long All, long Managed)>? measure = null)
{
    /// <summary>A look costs tens of microseconds, and sessions come and go in seconds.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly Func<(long All, long Managed)> measure = measure ?? Measure;
    private long excess;
    private long? lookedAt;

    /// <summary>Bytes beyond those that are set aside, at the last look.</summary>
    public long Excess => Interlocked.Read(ref excess);

    /// <summary>Looks, unless that was done a moment ago. Where it is too much, the heaps give back what they keep of freed blocks first.</summary>
    /// <param name="ledger">Of weights and calls.</param>
    internal void Look(MemoryLedger ledger)
    {
        if (lookedAt is { } last && time.GetElapsedTime(last) < Interval) return;
        lookedAt = time.GetTimestamp();
        long found = Beyond(ledger.HeldBytes);
        if (found > 0)
        {
            NativeHeap.GiveBack();
            found = Beyond(ledger.HeldBytes);
        }
        Interlocked.Exchange(ref excess, found);
    }

    private long Beyond(long counted)
    {
        var (all, managed) = measure();
        return Math.Max(0, all - managed - counted - setAside);
    }

    /// <summary>The collector tells what it had committed at its last turn; what was allocated since is in the other figure.</summary>
    private static (long All, long Managed) Measure() =>
        (ProcessMemory.AllBytes, Math.Max(GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes, GC.GetTotalMemory(forceFullCollection: false)));
}
