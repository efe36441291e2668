namespace Darkroom.Engine.Jobs;

/// <summary>What work took of the machine. A call that several rows share is divided among them by evaluations, which are of one size.</summary>
/// <param name="DeviceSeconds">
/// Seconds of devices: calls that run side by side on one share its time, so that all jobs together have no more of a device than the time that passed.
/// </param>
/// <param name="ProcessorSeconds">Seconds of processor threads that the process used while the calls ran, shared among them.</param>
/// <param name="Joules">Energy of the devices during the calls; null where the machine does not tell.</param>
public sealed record JobUsage(double DeviceSeconds, double ProcessorSeconds, double? Joules)
{
    public static JobUsage None { get; } = new(0, 0, null);

    public static JobUsage operator +(JobUsage one, JobUsage other) => new(
        one.DeviceSeconds + other.DeviceSeconds, one.ProcessorSeconds + other.ProcessorSeconds, Sum(one.Joules, other.Joules));

    /// <summary>The sum of those that are known; null where neither is.</summary>
    public static double? Sum(double? one, double? other) => one is { } known ? known + (other ?? 0) : other;
}
