namespace Darkroom.Client;

/// <summary>What a job took of the machine so far.</summary>
/// <param name="DeviceSeconds">Seconds of devices; calls that run side by side on one share its time.</param>
/// <param name="ProcessorSeconds">Seconds of processors while its calls ran.</param>
/// <param name="MegapixelSteps">Megapixels times steps, of a job that succeeded; else 0.</param>
/// <param name="Joules">Energy of the devices; null where the machine does not tell.</param>
public sealed record JobUsage(double DeviceSeconds, double ProcessorSeconds, double MegapixelSteps, double? Joules);
