using Darkroom.Server.Wire;

namespace Darkroom.Server.Native.Contracts;

/// <summary>What keys used, by day.</summary>
/// <param name="From">The first day of the range, UTC.</param>
/// <param name="To">The last day of the range, UTC; it is counted too.</param>
/// <param name="Data">Days on which something was counted, the first day first.</param>
/// <param name="Total">Over all of them.</param>
public sealed record UsageAnswer(DateOnly From, DateOnly To, IReadOnlyList<UsageDayAnswer> Data, UsageCountsAnswer Total)
{
    /// <summary>What this is, as OpenAI's lists say it.</summary>
    [WireValue("list")]
    public string Object => "list";
}

/// <summary>What one key used on a day.</summary>
/// <param name="Day">UTC.</param>
/// <param name="Key">The key's id; absent for callers without a key, who are counted together.</param>
/// <param name="Name">What the key is called; absent where there is no such key any more.</param>
/// <param name="Usage">How much.</param>
public sealed record UsageDayAnswer(DateOnly Day, string? Key, string? Name, UsageCountsAnswer Usage);

/// <summary>How much was used.</summary>
/// <param name="Jobs">Jobs that ended, by how.</param>
/// <param name="Pictures">Pictures of jobs that succeeded.</param>
/// <param name="MegapixelSteps">Millions of pixels times steps, of jobs that succeeded.</param>
/// <param name="DeviceSeconds">Seconds of devices, of all jobs; calls that run side by side on a device share its time.</param>
/// <param name="ProcessorSeconds">Seconds of all jobs; processor time of the process while their calls ran.</param>
/// <param name="Joules">Joules of all jobs, as far as devices told it; absent where none did.</param>
public sealed record UsageCountsAnswer(
    UsageJobsAnswer Jobs, long Pictures, double MegapixelSteps, double DeviceSeconds, double ProcessorSeconds, double? Joules);

/// <summary>Jobs by how they ended.</summary>
/// <param name="Succeeded">With pictures.</param>
/// <param name="Failed">With a problem.</param>
/// <param name="Cancelled">By their callers, or by an operator.</param>
/// <param name="Expired">At their deadlines.</param>
public sealed record UsageJobsAnswer(long Succeeded, long Failed, long Cancelled, long Expired);

/// <summary>What a job took of the machine so far, all attempts together.</summary>
/// <param name="DeviceSeconds">Seconds of devices; calls that run side by side on a device share its time.</param>
/// <param name="ProcessorSeconds">Seconds: processor time of the process while its calls ran, shared with the calls beside them.</param>
/// <param name="MegapixelSteps">Millions of pixels times steps, of a job that succeeded; else 0.</param>
/// <param name="Joules">Joules of the devices during its calls; absent where the machine does not tell.</param>
public sealed record JobUsageAnswer(double DeviceSeconds, double ProcessorSeconds, double MegapixelSteps, double? Joules);
