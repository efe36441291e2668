namespace Darkroom.Engine.Jobs;

/// <summary>
/// How a job ended, for those who are told of it from outside: nothing of its prompts and nothing of who asked, so that it may outlive the job.
/// </summary>
/// <param name="Id">Of the job.</param>
/// <param name="Task">What it was.</param>
/// <param name="Model">Id of its model.</param>
/// <param name="State">Its end.</param>
/// <param name="CreatedAt">When it was admitted.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Images">What it made; none unless it succeeded.</param>
/// <param name="Failure">Why it failed; null for any other end.</param>
public sealed record EndedJob(
    string Id, GenerationTask Task, string Model, JobState State, DateTimeOffset CreatedAt, DateTimeOffset FinishedAt, IReadOnlyList<GeneratedImage> Images,
    JobFailure? Failure)
{
    /// <param name="job">A finished job.</param>
    public static EndedJob Of(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return new(job.Id, job.Request.Task, job.Request.Model, job.State, job.CreatedAt, job.FinishedAt!.Value, job.Result?.Images ?? [], job.Failure);
    }
}
