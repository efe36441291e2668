namespace Darkroom.Engine.Queue;

/// <summary>What a job is added on: limits of the queue, and the caller's key where it sent one.</summary>
public sealed record AddTerms
{
    /// <summary>How long a key finds the job that it was first used for.</summary>
    public static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(24);

    /// <summary>Maximum of jobs that wait, of all callers.</summary>
    public required int MaxQueued { get; init; }

    /// <summary>The same in megapixel-steps (<see cref="Jobs.JobCost"/>); null: no limit. One job is admitted to an empty queue whatever it costs.</summary>
    public double? MaxCost { get; init; }

    /// <summary>Maximum of the caller's jobs that wait; null: no limit of its own.</summary>
    public int? MaxQueuedPerCaller { get; init; }

    /// <summary>The same in megapixel-steps; null: no limit of its own.</summary>
    public double? MaxCostPerCaller { get; init; }

    /// <summary>null: the caller sent none.</summary>
    public IdempotencyKey? Key { get; init; }
}

/// <summary>A caller's own name for a request: the same one again means the job that exists already.</summary>
/// <param name="Value">As it was sent; another caller's is another key.</param>
/// <param name="BodyHash">Of what was asked: the same key for something else is a fault.</param>
public sealed record IdempotencyKey(string Value, string BodyHash);
