using Darkroom.Engine.Energy;
using Darkroom.Engine.Estimates;
using Darkroom.Engine.Readings;

namespace Darkroom.Engine.Execution;

/// <summary>What is measured at a device.</summary>
/// <param name="Calls">What calls take of the machine.</param>
/// <param name="Peaks">What calls were measured to need of memory.</param>
/// <param name="Activity">Where the device shows what runs on it.</param>
internal sealed record DeviceMeters(CallMeter Calls, PeakTable Peaks, DeviceActivity Activity);
