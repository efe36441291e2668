namespace Darkroom.Engine.Jobs;

/// <summary>Which jobs a list shows: newest first.</summary>
/// <param name="State">Only jobs in this state; null: all.</param>
/// <param name="Limit">Maximum of jobs of a page, at least 1.</param>
/// <param name="After">Where the page before ended; null: from the newest.</param>
public sealed record JobQuery(JobState? State, int Limit, JobPlace? After = null)
{
    /// <summary>Only jobs of this caller; null: of all.</summary>
    public string? Caller { get; init; }
}

/// <summary>A job's place in lists: its own data, so that a list goes on there though that job is forgotten.</summary>
public readonly record struct JobPlace(DateTimeOffset CreatedAt, string Id) : IComparable<JobPlace>
{
    public static JobPlace Of(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return new(job.CreatedAt, job.Id);
    }

    /// <summary>Newest first.</summary>
    public int CompareTo(JobPlace other) => other.CreatedAt.CompareTo(CreatedAt) is not 0 and var order ? order : string.CompareOrdinal(other.Id, Id);
}

/// <summary>A page of a list.</summary>
/// <param name="Jobs">Newest first.</param>
/// <param name="Next">Where the next page begins; null: there is none.</param>
public sealed record JobPage(IReadOnlyList<Job> Jobs, JobPlace? Next);

/// <summary>What a queue still does before a waiting job.</summary>
/// <param name="Jobs">Waiting jobs that are claimed earlier; 0: this one is next.</param>
/// <param name="Steps">Denoising steps of those, over all their pictures.</param>
public readonly record struct QueueAhead(int Jobs, long Steps);
