namespace Darkroom.Models.Residency;

/// <summary>
/// A part's place in a device's memory. Everything but its name and size belongs to <see cref="Memory"/> and is touched under its gate alone.
/// </summary>
internal abstract class PartSlot : IModelPart
{
    protected PartSlot(DeviceMemory memory, string name, long bytes, string? owner = null)
    {
        (Memory, Name, Bytes, Owner, FullName) = (memory, name, bytes, owner ?? name, owner is null ? name : $"{owner}/{name}");
        Node = new(this);
    }

    public DeviceMemory Memory { get; }

    public string Name { get; }

    public string Variant { get; init; } = "";

    /// <summary>Id of the model that it is a part of, or of the upscaler that it is.</summary>
    public string Owner { get; }

    /// <summary>Model and part, for people.</summary>
    public string FullName { get; }

    public long Bytes { get; }

    /// <summary>
    /// Whose weights it computes with, beside its own: that part is in memory as long as this one. Null: all of its weights are its own.
    /// </summary>
    public PartSlot? Base { get; init; }

    /// <summary>Bytes of what it does not share.</summary>
    public long OwnBytes { get => Base is null ? Bytes : field; init; }

    /// <summary>Those in memory, or on their way there, whose <see cref="Base"/> it is.</summary>
    public List<PartSlot> Dependents { get; } = [];

    /// <summary>Its place among those in memory, the least recently held first.</summary>
    public LinkedListNode<PartSlot> Node { get; }

    /// <summary>Leases and calls that have it.</summary>
    public int Holders { get; set; }

    /// <summary>When somebody got it or gave it back last, a timestamp of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    public long UsedAt { get; set; }

    /// <summary>What is set aside for it now: 0 where it is not in memory and not on its way there.</summary>
    public long Charge { get; set; }

    /// <summary>Bytes that it was measured to take beyond its file.</summary>
    public long Excess { get; set; }

    /// <summary>Whether someone who was there before waits for its room.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>While it is being opened.</summary>
    public Task? Opening { get; set; }

    public bool IsClosed { get; set; }

    public bool IsPlaced => Node.List is not null;

    /// <summary>Whether nobody needs it there, but those that could leave before it.</summary>
    public bool CanLeave => Holders == 0 && Opening is null && Dependents.TrueForAll(static part => part.CanLeave);

    /// <summary>Bytes that are to be free for it to come in.</summary>
    public long Missing => OwnBytes + (Base is { IsPlaced: false } below ? below.OwnBytes : 0);

    /// <summary>Whether it takes no more memory than <see cref="Bytes"/>.</summary>
    public virtual bool IsExact => false;

    public abstract bool IsResident { get; }

    /// <summary>A device of one thread has no other calls than narrow ones.</summary>
    public abstract bool NarrowIsReady { get; }

    public virtual int MaxRows => int.MaxValue;

    public ValueTask<PartLease> HoldAsync(CancellationToken cancellation) => Memory.HoldAsync(this, cancellation);

    public abstract void PrepareNarrow();

    public abstract void Invalidate();

    public abstract Task RebuildAsync();

    public abstract void ShrinkMemory();

    public CallRoom BeginCall(long bytes) => Memory.Ledger?.Begin(bytes) ?? default;

    /// <summary>Opens the part; outside the gate. <see cref="Install"/> or disposal of what it gives follows.</summary>
    public abstract IDisposable Open();

    public abstract void Install(IDisposable opened);

    /// <summary>Takes the part out. What is to be disposed outside the gate; null where a call still runs, which does it when it ends.</summary>
    public abstract IDisposable? TakeOut();
}
