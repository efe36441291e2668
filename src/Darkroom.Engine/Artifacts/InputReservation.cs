namespace Darkroom.Engine.Artifacts;

/// <summary>What one arriving body holds of <see cref="InputMemory"/>, until it is disposed of.</summary>
public sealed class InputReservation : IDisposable
{
    private readonly InputMemory memory;
    private readonly string? caller;
    private long bytes;

    internal InputReservation(InputMemory memory, string? caller) => (this.memory, this.caller) = (memory, caller);

    /// <summary>The most that a body may hold, were it alone.</summary>
    public long MaxBytes => memory.CapacityBytes;

    /// <summary>Has room for so many bytes in all; false where there is none.</summary>
    public bool TryGrowTo(long total)
    {
        if (total <= bytes) return true;
        if (!(caller is null ? memory.TryTake(total - bytes) : memory.TryTake(caller, total - bytes, isNew: bytes == 0))) return false;
        bytes = total;
        return true;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref bytes, 0) is not (> 0 and var held)) return;
        if (caller is null) memory.Release(held);
        else memory.Release(caller, held);
    }
}
