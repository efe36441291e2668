using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Artifacts;

/// <summary>What a sweep goes by for each job.</summary>
/// <param name="FinishedAt">Null: it is not finished.</param>
/// <param name="Pictures">Those that it tells of.</param>
/// <param name="Caller">Whose it is.</param>
internal sealed record JobTrace(DateTimeOffset? FinishedAt, IReadOnlyList<string> Pictures, string Caller = "")
{
    public static JobTrace Of(Job job) =>
        new(job.FinishedAt, [.. job.Result?.Artifacts ?? []], job.Request.Caller);
}

/// <summary>Which stored files a sweep removes.</summary>
/// <param name="retention">How long pictures stay after the end of their job, where its caller has no time of its own.</param>
/// <param name="own">Callers that have one; null: none has.</param>
internal sealed class SweepChoice(TimeSpan retention, IReadOnlyDictionary<string, TimeSpan>? own = null)
{
    /// <summary>What belongs to nobody may be about to: a file is written before its job is stored, and a picture before its job says so.</summary>
    public static readonly TimeSpan OrphanAge = TimeSpan.FromHours(1);

    public SweepChoice With(IReadOnlyDictionary<string, TimeSpan> callers) => new(retention, callers);

    /// <summary>Whether a picture is old enough to go whatever its job is: it was written before that ended.</summary>
    public bool MayBeDue(ArtifactEntry picture, DateTimeOffset now) => picture.WrittenAt + Shortest <= now;

    private TimeSpan Shortest => (own?.Values ?? []).Append(retention).Append(OrphanAge).Min();

    /// <param name="job">The job that made it; null: there is none any more.</param>
    public bool IsDue(ArtifactEntry picture, JobTrace? job, DateTimeOffset now)
    {
        bool belongs = job is not null && (job.FinishedAt is null || job.Pictures.Contains(picture.Id)); // an earlier attempt's picture does not
        return belongs
            ? job!.FinishedAt + (own?.TryGetValue(job.Caller, out var kept) == true ? kept : retention) <= now
            : picture.WrittenAt + OrphanAge <= now;
    }

    /// <param name="inUse">By a job that is not finished.</param>
    public static bool IsDue(InputEntry input, IReadOnlySet<string> inUse, DateTimeOffset now) =>
        !inUse.Contains(input.Id) && input.WrittenAt + OrphanAge <= now;
}
