namespace Darkroom.Server.Native.Contracts;

/// <summary>What keys used, by day.</summary>
/// <param name="From">The first day of the range, UTC.</param>
/// <param name="To">The last day of the range, UTC; it is counted too.</param>
/// <param name="Data">Days on which something was counted, the first day first.</param>
/// <param name="Total">Over all of them.</param>
public sealed record UsageAnswer(DateOnly From, DateOnly To, IReadOnlyList<UsageDayAnswer> Data, UsageCountsAnswer Total)
{
    public string Object => "list";
}

/// <summary>What one key used on a day.</summary>
/// <param name="Day">UTC.</param>
/// <param name="Key">The key's id; absent for callers without a key, who are counted together.</param>
/// <param name="Name">What the key is called; absent where there is no such key any more.</param>
/// <param name="Usage">How much.</param>
public sealed record UsageDayAnswer(DateOnly Day, string? Key, string? Name, UsageCountsAnswer Usage);

/// <param name="Jobs">That ended, by how.</param>
/// <param name="Pictures">Of jobs that succeeded.</param>
/// <param name="MegapixelSteps">Of jobs that succeeded.</param>
/// <param name="DeviceSeconds">Of all jobs; calls that run side by side on a device share its time.</param>
/// <param name="ProcessorSeconds">Of all jobs; processor time of the process while their calls ran.</param>
/// <param name="Joules">Of all jobs, as far as devices told it; absent where none did.</param>
public sealed record UsageCountsAnswer(
    UsageJobsAnswer Jobs, long Pictures, double MegapixelSteps, double DeviceSeconds, double ProcessorSeconds, double? Joules);

/// <summary>Jobs by how they ended.</summary>
public sealed record UsageJobsAnswer(long Succeeded, long Failed, long Cancelled, long Expired);

/// <summary>What a job took of the machine so far, all attempts together.</summary>
/// <param name="DeviceSeconds">Calls that run side by side on a device share its time.</param>
/// <param name="ProcessorSeconds">Processor time of the process while its calls ran, shared with the calls beside them.</param>
/// <param name="MegapixelSteps">Of a job that succeeded; else 0.</param>
/// <param name="Joules">Of the devices during its calls; absent where the machine does not tell.</param>
public sealed record JobUsageAnswer(double DeviceSeconds, double ProcessorSeconds, double MegapixelSteps, double? Joules);
