using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Queue;

/// <summary>What became of a command: a closed set.</summary>
public abstract record CommitOutcome
{
    private CommitOutcome() { }

    /// <summary>The store holds no job of that id.</summary>
    public static CommitOutcome NoSuchJob { get; } = new UnknownJob();

    /// <summary>It was applied.</summary>
    /// <param name="Job">As it stands after the command.</param>
    public sealed record Committed(Job Job) : CommitOutcome;

    /// <summary>The store holds no job of that id.</summary>
    public sealed record UnknownJob : CommitOutcome;

    /// <summary>The job was claimed again since, or waits to be: nothing was changed.</summary>
    /// <param name="Job">As it stands.</param>
    public sealed record ClaimLost(Job Job) : CommitOutcome;

    /// <summary>The command means nothing in the job's state (a second cancel, say): nothing was changed.</summary>
    /// <param name="Job">As it stands.</param>
    public sealed record NotApplicable(Job Job) : CommitOutcome;
}
