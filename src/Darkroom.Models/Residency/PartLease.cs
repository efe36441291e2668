namespace Darkroom.Models.Residency;

/// <summary>
/// A claim on a part: until it is given back the part stays in memory, even if others need room. A holder must not wait for another part: two
/// who did could wait for each other.
/// </summary>
public sealed class PartLease : IDisposable
{
    private PartSlot? slot;

    internal PartLease(PartSlot? slot) => this.slot = slot;

    /// <summary>Of a part that cannot leave.</summary>
    public static PartLease None { get; } = new(null);

    /// <summary>Gives the part back; a second call does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref slot, null) is { } held) held.Memory.Release(held);
    }
}
