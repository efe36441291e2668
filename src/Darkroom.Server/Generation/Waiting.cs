namespace Darkroom.Server.Generation;

/// <summary>How a caller waits for a job: whether at all, how long, and what becomes of the job when the caller leaves meanwhile.</summary>
/// <param name="Waits">Whether the caller wants to know the end; else it is told at once that the job goes on.</param>
/// <param name="Patience">How long; null: until the job is finished.</param>
/// <param name="CancelsOnLeave">Whether a caller who leaves while it waits cancels the job.</param>
internal readonly record struct Waiting(bool Waits, TimeSpan? Patience, bool CancelsOnLeave)
{
    /// <summary>Until the job is finished; leaving cancels it.</summary>
    public static Waiting UntilFinished => new(true, null, true);

    /// <summary>Not at all: the job does not depend on its caller.</summary>
    public static Waiting None => new(false, null, false);

    public static Waiting AtMost(TimeSpan patience, bool cancelsOnLeave) => new(true, patience, cancelsOnLeave);
}
