using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Queue;

/// <summary>What became of a job that was to be added: a closed set. Only <see cref="Added"/> changed anything.</summary>
public abstract record AddOutcome
{
    private AddOutcome() { }

    /// <summary>It waits, as durably as the store keeps anything.</summary>
    public sealed record Added : AddOutcome;

    /// <summary>The key was used for the same request before.</summary>
    /// <param name="Job">The job of then, as it stands.</param>
    public sealed record Replayed(Job Job) : AddOutcome;

    /// <summary>The key was used for another request before.</summary>
    public sealed record KeyReused : AddOutcome;

    /// <summary>A limit of the whole queue is reached.</summary>
    /// <param name="Limit">Which.</param>
    /// <param name="Value">Jobs or megapixel-steps.</param>
    public sealed record QueueFull(QueueLimit Limit, double Value) : AddOutcome;

    /// <summary>A limit of the caller's own is reached; others may still find room.</summary>
    /// <param name="Limit">Which.</param>
    /// <param name="Value">Jobs or megapixel-steps.</param>
    public sealed record CallerFull(QueueLimit Limit, double Value) : AddOutcome;

    /// <summary>The disk is full or cannot be written: nothing can be accepted until it can.</summary>
    public sealed record StorageFull : AddOutcome;

    /// <summary>The store ends with this process, which is stopping: nobody would run it.</summary>
    public sealed record Closed : AddOutcome;
}

/// <summary>What a limit of the queue counts.</summary>
public enum QueueLimit { Jobs, MegapixelSteps }
