namespace Darkroom.Client;

/// <summary>A job ended without pictures.</summary>
/// <param name="id">Of the job.</param>
/// <param name="end">How it ended: failed, cancelled or expired.</param>
/// <param name="problem">Why.</param>
public sealed class DarkroomJobException(string id, JobStatus end, DarkroomProblem problem) : DarkroomException(problem)
{
    /// <summary>The job.</summary>
    public string Id => id;

    /// <summary>How it ended: failed, cancelled or expired.</summary>
    public JobStatus End => end;
}
