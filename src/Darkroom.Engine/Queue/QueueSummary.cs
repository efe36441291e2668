namespace Darkroom.Engine.Queue;

/// <summary>What waits, in numbers.</summary>
/// <param name="Jobs">By priority; those of which none waits may be absent.</param>
/// <param name="MegapixelSteps">Work of all of them (<see cref="Jobs.JobCost"/>).</param>
/// <param name="OldestAt">When the oldest was admitted; null: none waits.</param>
public sealed record QueueSummary(IReadOnlyDictionary<Jobs.JobPriority, int> Jobs, double MegapixelSteps, DateTimeOffset? OldestAt)
{
    public static QueueSummary Empty { get; } = new(new Dictionary<Jobs.JobPriority, int>(), 0, null);
}
