using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Queue;

/// <summary>
/// What accounts used, by day. A job store fills it: <see cref="IJobStore"/> commits a change of a job and what that adds (<see cref="UsageEntry.Of"/>) at
/// once, so that no end is counted twice and none is left out. It stays when its jobs are removed.
/// </summary>
public interface IUsageBook
{
    /// <summary>Days of accounts on which something was counted, in the order of days, then of accounts.</summary>
    ValueTask<IReadOnlyList<UsageEntry>> UsageAsync(UsageQuery query, CancellationToken cancellation);

    /// <summary>Forgets all days before one, and does what else keeps the book small.</summary>
    ValueTask SweepUsageAsync(DateOnly before, CancellationToken cancellation);
}

/// <summary>Which usage.</summary>
/// <param name="From">The first day, UTC.</param>
/// <param name="To">The last day, UTC.</param>
/// <param name="Account">One account's alone; null: everybody's.</param>
public sealed record UsageQuery(DateOnly From, DateOnly To, string? Account = null);
