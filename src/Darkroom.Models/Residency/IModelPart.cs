namespace Darkroom.Models.Residency;

/// <summary>
/// A network on a device: a model's part, or an upscaler. It comes into the device's memory when it is held, and may leave when it is not; a call without a
/// lease holds it for itself and waits for it on the calling thread. Any number of threads may call.
/// </summary>
public interface IModelPart
{
    /// <summary>What it is called in its model's folder (<c>unet</c>, <c>text_encoder_2</c>), or an upscaler's id.</summary>
    string Name { get; }

    /// <summary>What tells it from the model's own part of that name: LoRAs that are merged into it. Empty for the model's own.</summary>
    string Variant => "";

    /// <summary>Bytes of its graph and weights, in memory or not.</summary>
    long Bytes => 0;

    /// <summary>Whether it is in memory.</summary>
    bool IsResident => true;

    /// <summary>Rows of one call at most, where the graph fixes its batch.</summary>
    int MaxRows => int.MaxValue;

    /// <summary>
    /// Holds it in the device's memory until the lease is given back. At once, and without allocating more than the lease, where it is there; else it is
    /// opened as soon as there is room for it, in the order of those who wait. Hold one part at a time.
    /// </summary>
    /// <exception cref="Sessions.GraphException">It cannot be opened, or is larger than the device's budget.</exception>
    /// <exception cref="OperationCanceledException">Nothing is held then.</exception>
    ValueTask<PartLease> HoldAsync(CancellationToken cancellation) => new(PartLease.None);

    /// <summary>Whether a <see cref="RunWidth.Narrow"/> call would take its caller's thread alone.</summary>
    bool NarrowIsReady => false;

    /// <summary>
    /// Begins to open its session for narrow calls, where it is in memory, small, on a CPU of several threads, and there is room to spare. It may be asked
    /// any number of times.
    /// </summary>
    void PrepareNarrow() { }

    /// <summary>
    /// Says that its session is not to be trusted. Calls that end in <see cref="Sessions.GraphFault.Dead"/> or <see cref="Sessions.GraphFault.TimedOut"/> say
    /// so themselves.
    /// </summary>
    void Invalidate() { }

    /// <summary>
    /// Opens a session in place of one that is not to be trusted; any other is left as it is. Leases stay good: calls wait for the new session, and the old
    /// one goes when its last call ends.
    /// </summary>
    /// <exception cref="Sessions.GraphException">It cannot be opened; the next who holds it tries again.</exception>
    Task RebuildAsync() => Task.CompletedTask;

    /// <summary>
    /// Takes room for a call that may need so many bytes beyond the weights, where that is counted; waits on this thread for calls that leave too little. To be
    /// given back when the call is over.
    /// </summary>
    CallRoom BeginCall(long bytes) => default;

    /// <summary>Has the next call give back the memory that earlier ones needed beyond the weights.</summary>
    void ShrinkMemory() { }
}
