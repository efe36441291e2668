using Darkroom.Models.Files;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Pool;

/// <summary>What is said of a load that failed, and when it is worth another try.</summary>
internal static class LoadFailure
{
    /// <summary>How long nobody tries after so many failures in a row, from 1: one second, then twice as long each time, a minute at most.</summary>
    public static TimeSpan RetryAfter(int failures) => TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, Math.Min(failures, 7) - 1)));

    /// <summary>Whether the reason may pass by itself: memory, descriptors, a disk. A broken graph stays broken until its file changes.</summary>
    public static bool MayPass(Exception reason) => reason is IOException or UnauthorizedAccessException or OutOfMemoryException
        or GraphException { Fault: GraphFault.OutOfMemory or GraphFault.Unavailable };

    /// <summary>Why it failed, for callers.</summary>
    public static string ReasonOf(Exception reason) => reason is GraphException ? reason.Message
        : MayPass(reason) ? $"its files cannot be read: {FileFault.PlainReason(reason)}"
        : $"unexpected: {reason.GetType().Name}";
}
