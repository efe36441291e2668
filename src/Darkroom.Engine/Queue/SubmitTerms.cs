namespace Darkroom.Engine.Queue;

/// <summary>What a caller brings along with a request: its key, and the limits that are its own.</summary>
public sealed record SubmitTerms
{
    /// <summary>No key, and no limit but the queue's.</summary>
    public static SubmitTerms None { get; } = new();

    public IdempotencyKey? Key { get; init; }

    /// <summary>Maximum of the caller's jobs that wait; null: no limit of its own.</summary>
    public int? MaxQueued { get; init; }

    /// <summary>Maximum of megapixel-steps of those; null: no limit of its own.</summary>
    public double? MaxCost { get; init; }
}
