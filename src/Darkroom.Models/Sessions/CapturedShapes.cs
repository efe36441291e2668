namespace Darkroom.Models.Sessions;

/// <summary>
/// Which calls of a session are captured as CUDA graphs, and by which number. A capture is tied to the addresses of its inputs and outputs, so to one
/// <see cref="GraphBinding"/> and its shapes, and it is kept until the session ends, so their number is limited. Calls beyond are made plainly.
/// </summary>
/// <param name="max">How many captures there may be.</param>
internal sealed class CapturedShapes(int max)
{
    /// <summary>The run option by which the provider is told the number.</summary>
    public const string Option = "gpu_graph_id";

    /// <summary>What that option has for a call that neither is captured nor was.</summary>
    public const int None = -1;

    /// <summary>
    /// Calls of a shape before it is captured: a capture takes three calls' time, and a picture of a size that never comes again has about as many steps.
    /// </summary>
    public const int CallsBefore = 24;

    private int given;

    /// <summary>Captures so far, failed ones too.</summary>
    public int Count => Volatile.Read(ref given);

    /// <summary>Whether a binding with so many calls behind it may be captured now.</summary>
    public bool IsDue(long calls) => calls >= CallsBefore && Count < max && !CaptureGate.HasFailed;

    /// <summary>The number for another capture; <see cref="CaptureGate"/> lets one be made at a time.</summary>
    public int Take() => Interlocked.Increment(ref given) - 1;
}
