namespace Darkroom.Models.Residency;

/// <summary>Someone who waits for room, or for a part that has to make room.</summary>
internal sealed class PartWaiter(PartSlot slot) : TaskCompletionSource<Task?>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>The part wanted. The result is its opening; null where it was open.</summary>
    public PartSlot Slot { get; } = slot;
}
