using Darkroom.Engine.Jobs;

namespace Darkroom.Server.Generation;

/// <summary>How waiting for a job ended: a closed set.</summary>
/// <param name="Job">As it stood then.</param>
internal abstract record Outcome(Job Job)
{
    /// <summary>It has its pictures.</summary>
    public sealed record Succeeded(Job Job, JobResult Result) : Outcome(Job);

    /// <summary>It ended without.</summary>
    public sealed record Failed(Job Job, Failure Failure) : Outcome(Job);

    /// <summary>The server goes down, and the job goes on when it is back.</summary>
    public sealed record Parted(Job Job, Failure Failure) : Outcome(Job);

    /// <summary>It goes on: the caller did not want to wait so long.</summary>
    public sealed record Pending(Job Job) : Outcome(Job);

    /// <summary>The caller left: nobody is there to be answered. The job was cancelled, unless it was to go on.</summary>
    public sealed record Left(Job Job) : Outcome(Job);
}
