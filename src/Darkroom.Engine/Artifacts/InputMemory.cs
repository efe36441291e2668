namespace Darkroom.Engine.Artifacts;

/// <summary>
/// The memory for what callers send: while it arrives, and until the job that uses it is finished. One limit for both. What arrives from one caller may take
/// half of it, so that none keeps all others out; a body that is its caller's only one may be as large as the whole.
/// </summary>
/// <param name="capacityBytes">All that may be held.</param>
public sealed class InputMemory(long capacityBytes)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (long Bytes, int Bodies)> callers = [];
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
    /// <param name="caller">Whose share it counts in; null: nobody's.</param>
    public InputReservation Reserve(string? caller = null) => new(this, caller);

    /// <summary>Takes room for a caller's body.</summary>
    /// <param name="caller">Who sends it.</param>
    /// <param name="bytes">How much more.</param>
    /// <param name="isNew">Whether it holds nothing yet.</param>
    internal bool TryTake(string caller, long bytes, bool isNew)
    {
        lock (gate)
        {
            var (held, bodies) = callers.GetValueOrDefault(caller);
            if (isNew) bodies++;
            if ((bodies > 1 && held + bytes > capacityBytes / 2) || !TryTake(bytes)) return false;
            callers[caller] = (held + bytes, bodies);
            return true;
        }
    }

    /// <summary>Gives back what a caller's body held.</summary>
    internal void Release(string caller, long bytes)
    {
        lock (gate)
        {
            var (held, bodies) = callers[caller];
            if (bodies == 1) callers.Remove(caller);
            else callers[caller] = (held - bytes, bodies - 1);
            Release(bytes);
        }
    }
}
