namespace Darkroom.Models.Sessions;

/// <summary>What a <see cref="GraphException"/> means for a caller that might try again.</summary>
public enum GraphFault
{
    /// <summary>The graph or the call is wrong: shapes, types, ports, a file that is no such graph. Again it would be refused again.</summary>
    Refused,

    /// <summary>There was no memory for it; with fewer or smaller rows, or others gone, there may be.</summary>
    OutOfMemory,

    /// <summary>The session or its device failed: the session must be rebuilt before it is used again.</summary>
    Dead,

    /// <summary>The call took too long and was stopped: the session must be rebuilt before it is used again.</summary>
    TimedOut,

    /// <summary>The call was stopped, or not begun, because nobody waits for it any more.</summary>
    Abandoned,

    /// <summary>The part alone is larger than the device's budget.</summary>
    OverBudget,

    /// <summary>What was to be merged into the model does not fit it.</summary>
    Misfit,

    /// <summary>Its files could not be read now, or are being changed: too few descriptors, a disk that fails, a copy under way. Later they may be.</summary>
    Unavailable,
}

/// <summary>A graph that cannot be used as this part of a model, or a call that failed, in plain words.</summary>
public sealed class GraphException(string message, GraphFault fault, Exception? inner = null) : Exception(message, inner)
{
    public GraphException(string message, Exception? inner = null) : this(message, GraphFault.Refused, inner) { }

    public GraphFault Fault { get; } = fault;
}
