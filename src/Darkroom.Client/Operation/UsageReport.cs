namespace Darkroom.Client.Operation;

/// <summary>What keys used, by day.</summary>
/// <param name="From">The first day of the range, UTC.</param>
/// <param name="To">The last day of the range, UTC; it is counted too.</param>
/// <param name="Data">Days on which something was counted, the first day first.</param>
/// <param name="Total">Over all of them.</param>
public sealed record UsageReport(DateOnly From, DateOnly To, IReadOnlyList<UsageDay> Data, UsageCounts Total);

/// <summary>What one key used on a day.</summary>
/// <param name="Day">UTC.</param>
/// <param name="Key">The key's id; null for callers without a key, who are counted together.</param>
/// <param name="Name">What the key is called; null where there is no such key any more.</param>
/// <param name="Usage">How much.</param>
public sealed record UsageDay(DateOnly Day, string? Key, string? Name, UsageCounts Usage);

/// <summary>How much was used.</summary>
/// <param name="Jobs">That ended, by how.</param>
/// <param name="Pictures">Of jobs that succeeded.</param>
/// <param name="MegapixelSteps">Of jobs that succeeded.</param>
/// <param name="DeviceSeconds">Of all jobs; calls that run side by side on a device share its time.</param>
/// <param name="ProcessorSeconds">Of all jobs; processor time of the process while their calls ran.</param>
/// <param name="Joules">Of all jobs, as far as devices told it; null where none did.</param>
public sealed record UsageCounts(
    UsageJobs Jobs, long Pictures, double MegapixelSteps, double DeviceSeconds, double ProcessorSeconds, double? Joules);

/// <summary>Jobs by how they ended.</summary>
/// <param name="Succeeded">With pictures.</param>
/// <param name="Failed">They could not be done.</param>
/// <param name="Cancelled">By their callers.</param>
/// <param name="Expired">Their deadlines had passed.</param>
public sealed record UsageJobs(long Succeeded, long Failed, long Cancelled, long Expired);
