namespace Darkroom.Engine.Artifacts;

/// <summary>What one arriving body holds of <see cref="InputMemory"/>, until it is disposed of.</summary>
public sealed class InputReservation : IDisposable
{
    private readonly InputMemory memory;
    private long bytes;

    internal InputReservation(InputMemory memory) => this.memory = memory;

    /// <summary>The most that a body may hold, were it alone.</summary>
    public long MaxBytes => memory.CapacityBytes;

    /// <summary>Has room for so many bytes in all; false where there is none.</summary>
    public bool TryGrowTo(long total)
    {
        if (total <= bytes) return true;
        if (!memory.TryTake(total - bytes)) return false;
        bytes = total;
        return true;
    }

    public void Dispose() => memory.Release(Interlocked.Exchange(ref bytes, 0));
}
