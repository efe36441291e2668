using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Server.Native.Contracts;

namespace Darkroom.Server.Native.Answers;

/// <summary>What was used, as it is told: to a thousandth of each unit.</summary>
internal static class UsageAnswers
{
    /// <param name="entries">Days of accounts.</param>
    /// <param name="query">What was asked.</param>
    /// <param name="names">Names of keys by their ids.</param>
    public static UsageAnswer Of(IReadOnlyList<UsageEntry> entries, UsageQuery query, IReadOnlyDictionary<string, string> names) => new(
        query.From, query.To,
        [.. entries.Select(entry => Of(entry, names))],
        Of(entries.Aggregate(UsageCounts.None, static (sum, entry) => sum + entry.Counts)));

    /// <summary>What a job took; null: nothing was told yet.</summary>
    public static JobUsageAnswer? Of(Job job)
    {
        if (job.Spending == JobSpending.None) return null;
        var used = job.Spending.Total;
        double steps = JobCost.MegapixelSteps(job);
        return new(Rounded(used.DeviceSeconds), Rounded(used.ProcessorSeconds), Rounded(steps), used.Joules is { } joules ? Rounded(joules) : null);
    }

    private static UsageDayAnswer Of(UsageEntry entry, IReadOnlyDictionary<string, string> names)
    {
        string? key = entry.Account == Account.WithoutKey ? null : entry.Account[Account.KeyPrefix.Length..];
        return new(entry.Day, key, key is null ? null : names.GetValueOrDefault(key), Of(entry.Counts));
    }

    private static UsageCountsAnswer Of(UsageCounts counts) => new(
        new(counts.Succeeded, counts.Failed, counts.Cancelled, counts.Expired), counts.Pictures, Rounded(counts.MegapixelSteps),
        Rounded(counts.DeviceSeconds), Rounded(counts.ProcessorSeconds), counts.Joules is { } joules ? Rounded(joules) : null);

    private static double Rounded(double value) => Math.Round(value, 3);
}
