namespace Darkroom.Models.Sessions;

/// <summary>
/// Keeps captures of CUDA graphs apart from all other work on GPUs: while one is made, memory that any thread takes from a GPU ends it, since ONNX Runtime
/// captures in CUDA's global mode. Where nothing is to be captured, nothing goes through it.
/// </summary>
internal static class CaptureGate
{
    private static readonly ReaderWriterLockSlim Gate = new(LockRecursionPolicy.SupportsRecursion);
    private static volatile bool failed;

    /// <summary>Whether a capture failed. No other is tried then: the next session would fail as well, and each failure costs a call and a session.</summary>
    public static bool HasFailed => failed;

    /// <summary>Begins what is no capture; it waits for one that is being made.</summary>
    public static void BeginPlain() => Gate.EnterReadLock();

    public static void EndPlain() => Gate.ExitReadLock();

    /// <summary>Begins a capture, if nothing else is under way.</summary>
    public static bool TryBeginCapture() => Gate.TryEnterWriteLock(0);

    /// <param name="sound">Whether it was made.</param>
    public static void EndCapture(bool sound)
    {
        if (!sound) failed = true;
        Gate.ExitWriteLock();
    }

    /// <summary>Forgets a failure, for tests.</summary>
    internal static void Forget() => failed = false;
}
