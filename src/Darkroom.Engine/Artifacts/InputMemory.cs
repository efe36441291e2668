namespace Darkroom.Engine.Artifacts;

/// <summary>The memory for what callers send: while it arrives, and until the job that uses it is finished. One limit for both.</summary>
/// <param name="capacityBytes">All that may be held.</param>
public sealed class InputMemory(long capacityBytes)
{
    private long heldBytes;

    public long CapacityBytes => capacityBytes;

    public long HeldBytes => Interlocked.Read(ref heldBytes);

    /// <summary>Takes room for so much more; nothing where there is none.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref heldBytes, bytes) <= capacityBytes) return true;
        Release(bytes);
        return false;
    }

    /// <summary>Gives room back that was taken.</summary>
    public void Release(long bytes) => Interlocked.Add(ref heldBytes, -bytes);

    /// <summary>Room that grows with something that arrives, and is given back with it.</summary>
    public InputReservation Reserve() => new(this);
}
