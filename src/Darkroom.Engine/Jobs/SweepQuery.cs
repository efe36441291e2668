namespace Darkroom.Engine.Jobs;

/// <summary>Which finished jobs are old enough to go.</summary>
/// <param name="FinishedBefore">Those that finished before it.</param>
public sealed record SweepQuery(DateTimeOffset FinishedBefore)
{
    /// <summary>Only this caller's; null: those of all but <see cref="Except"/>.</summary>
    public string? Caller { get; init; }

    /// <summary>Callers whose jobs are kept for a time of their own.</summary>
    public IReadOnlyCollection<string> Except { get; init; } = [];

    /// <summary>Whether a job is among them.</summary>
    public bool Takes(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.FinishedAt < FinishedBefore && (Caller is null ? !Except.Contains(job.Request.Caller) : Caller == job.Request.Caller);
    }
}
