namespace Darkroom.Engine.Jobs;

/// <summary>What an account used on a day, or what one change of a job adds to that.</summary>
/// <param name="Day">UTC.</param>
/// <param name="Account">See <see cref="Jobs.Account"/>.</param>
/// <param name="Counts">How much.</param>
public sealed record UsageEntry(DateOnly Day, string Account, UsageCounts Counts)
{
    /// <summary>What a change of a job adds; null: nothing. A job counts when it ends, and what its attempts took when they tell it.</summary>
    public static UsageEntry? Of(Job before, Job after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        bool ends = after.IsFinished && !before.IsFinished;
        if (!ends && after.Spending == before.Spending) return null;
        var counts = ends ? UsageCounts.OfEnd(after) : UsageCounts.None;
        var (told, known) = (after.Spending.Total, before.Spending.Total);
        counts = counts with
        {
            DeviceSeconds = told.DeviceSeconds - known.DeviceSeconds,
            ProcessorSeconds = told.ProcessorSeconds - known.ProcessorSeconds,
            Joules = told.Joules is { } joules ? joules - (known.Joules ?? 0) : null,
        };
        var at = ends ? after.FinishedAt!.Value : after.Spending.At;
        return new(DateOnly.FromDateTime(at.UtcDateTime), Jobs.Account.Of(after.Request.Caller), counts);
    }
}

/// <summary>Jobs by how they ended, and what was made and used.</summary>
public sealed record UsageCounts
{
    public static UsageCounts None { get; } = new();

    public long Succeeded { get; init; }
    public long Failed { get; init; }
    public long Cancelled { get; init; }
    public long Expired { get; init; }
    public long Pictures { get; init; }

    /// <summary>Of jobs that succeeded, see <see cref="JobCost"/>.</summary>
    public double MegapixelSteps { get; init; }

    public double DeviceSeconds { get; init; }
    public double ProcessorSeconds { get; init; }

    /// <summary>Null where nothing of it is known.</summary>
    public double? Joules { get; init; }

    /// <summary>What the end of a job counts, without what it took.</summary>
    public static UsageCounts OfEnd(Job ended)
    {
        ArgumentNullException.ThrowIfNull(ended);
        return ended.State switch
        {
            JobState.Succeeded => new()
            {
                Succeeded = 1, Pictures = ended.Result?.Images.Count ?? 0, MegapixelSteps = JobCost.MegapixelSteps(ended),
            },
            JobState.Failed => new() { Failed = 1 },
            JobState.Cancelled => new() { Cancelled = 1 },
            JobState.Expired => new() { Expired = 1 },
            _ => None,
        };
    }

    public static UsageCounts operator +(UsageCounts one, UsageCounts other) => new()
    {
        Succeeded = one.Succeeded + other.Succeeded,
        Failed = one.Failed + other.Failed,
        Cancelled = one.Cancelled + other.Cancelled,
        Expired = one.Expired + other.Expired,
        Pictures = one.Pictures + other.Pictures,
        MegapixelSteps = one.MegapixelSteps + other.MegapixelSteps,
        DeviceSeconds = one.DeviceSeconds + other.DeviceSeconds,
        ProcessorSeconds = one.ProcessorSeconds + other.ProcessorSeconds,
        Joules = JobUsage.Sum(one.Joules, other.Joules),
    };
}
