using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Queue;

/// <summary>What became of a job that was to be removed: a closed set.</summary>
public abstract record PurgeOutcome
{
    private PurgeOutcome() { }

    /// <param name="Job">As it stood: what it made can be removed too.</param>
    public sealed record Purged(Job Job) : PurgeOutcome;

    /// <summary>It is to be cancelled first.</summary>
    /// <param name="Job">As it stands.</param>
    public sealed record NotFinished(Job Job) : PurgeOutcome;

    /// <summary>The store holds no job of that id.</summary>
    public sealed record UnknownJob : PurgeOutcome;
}
