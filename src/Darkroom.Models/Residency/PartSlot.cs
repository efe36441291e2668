namespace Darkroom.Models.Residency;

/// <summary>A part's place in a device's memory. Everything but its name and size belongs to <see cref="Memory"/> and is touched under its gate alone.</summary>
internal abstract class PartSlot
{
    protected PartSlot(DeviceMemory memory, string name, long bytes)
    {
        (Memory, Name, Bytes) = (memory, name, bytes);
        Node = new(this);
    }

    public DeviceMemory Memory { get; }

    /// <summary>Model and part, for people.</summary>
    public string Name { get; }

    /// <summary>Its weights on disk.</summary>
    public long Bytes { get; }

    /// <summary>Its place among those in memory, the least recently held first.</summary>
    public LinkedListNode<PartSlot> Node { get; }

    /// <summary>Leases and calls that have it.</summary>
    public int Holders { get; set; }

    /// <summary>What is set aside for it now: 0 where it is not in memory and not on its way there.</summary>
    public long Charge { get; set; }

    /// <summary>Whether someone who was there before waits for its room.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>While it is being opened.</summary>
    public Task? Opening { get; set; }

    public bool IsClosed { get; set; }

    public bool IsPlaced => Node.List is not null;

    public bool CanLeave => Holders == 0 && Opening is null;

    /// <summary>Whether calls can be made now.</summary>
    public abstract bool IsReady { get; }

    /// <summary>Whether a narrow call would be one; a device of one thread has no other kind.</summary>
    public abstract bool NarrowIsReady { get; }

    public ValueTask<PartLease> HoldAsync(CancellationToken cancellation) => Memory.HoldAsync(this, cancellation);

    /// <summary>Begins to open the session of one thread, where that is worth while and there is room to spare.</summary>
    public abstract void PrepareNarrow();

    /// <summary>Says that the session now open is not to be trusted.</summary>
    public abstract void Invalidate();

    /// <summary>Opens the part anew where it is suspect. Calls wait meanwhile; the old session goes when its last call ends.</summary>
    public abstract Task RebuildAsync();

    /// <summary>Has the next call give memory back that earlier ones needed.</summary>
    public abstract void ShrinkMemory();

    /// <summary>Opens the part; outside the gate. <see cref="Install"/> or disposal of what it gives follows.</summary>
    public abstract IDisposable Open();

    public abstract void Install(IDisposable opened);

    /// <summary>Takes the part out. What is to be disposed outside the gate; null where a call still runs, which does it when it ends.</summary>
    public abstract IDisposable? TakeOut();
}
