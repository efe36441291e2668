namespace Darkroom.Engine.Queue;

/// <summary>A store that cannot do its work now, or cannot be opened: the message is a sentence for the operator, without machine paths.</summary>
public sealed class StoreException(string message, StoreFault fault, Exception? inner = null) : IOException(message, inner)
{
    public StoreFault Fault { get; } = fault;

    /// <summary>Whether the same may succeed later, and nothing was changed meanwhile.</summary>
    public bool IsPassing => Fault is StoreFault.Full or StoreFault.Unavailable;
}

/// <summary>What is the matter with a store.</summary>
public enum StoreFault
{
    /// <summary>The disk is full or cannot be written: nothing was changed, and it works again when there is room.</summary>
    Full,

    /// <summary>Another process uses it.</summary>
    InUse,

    /// <summary>It was written by a newer version.</summary>
    Newer,

    /// <summary>It is damaged, or no store at all.</summary>
    Damaged,

    /// <summary>It was closed, or cannot be reached.</summary>
    Unavailable,
}
