using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Energy;

/// <summary>What calls on one device take: its time, the process's processor time, and energy where that is told. Safe for any number of threads.</summary>
/// <param name="time">Measures the device's time.</param>
/// <param name="processor">Processor seconds of the process, shared by the calls of all devices.</param>
/// <param name="energy">Of the device; null: not told.</param>
internal sealed class CallMeter(TimeProvider time, SharedCounter processor, SharedCounter? energy)
{
    private readonly SharedCounter device = new(() => time.GetTimestamp() / (double)time.TimestampFrequency);

    /// <summary>One meter for each device of a process.</summary>
    /// <param name="devices">Their energy; null: not told. One meter that several have is shared by all calls on them.</param>
    /// <param name="processorTime">Of the process; null: as the system tells.</param>
    public static CallMeter[] Of(IReadOnlyList<IEnergyMeter?> devices, TimeProvider time, Func<TimeSpan>? processorTime = null)
    {
        var used = processorTime ?? (static () => Environment.CpuUsage.TotalTime);
        var processor = new SharedCounter(() => used().TotalSeconds);
        var meters = devices.OfType<IEnergyMeter>().Distinct().ToDictionary(one => one, one => new SharedCounter(() => one.Joules));
        return [.. devices.Select(one => new CallMeter(time, processor, one is null ? null : meters[one]))];
    }

    public bool TellsEnergy => energy is not null;

    public CallReading Begin() => new(device.Begin(), processor.Begin(), energy?.Begin() ?? 0);

    public CallSpending End(in CallReading begun) => new(device.End(begun.Device), processor.End(begun.Processor), energy?.End(begun.Energy));
}

/// <summary>Where the counters stood when a call began.</summary>
internal readonly record struct CallReading(double Device, double Processor, double Energy);

/// <summary>What a call took; see <see cref="JobUsage"/>.</summary>
internal readonly record struct CallSpending(double DeviceSeconds, double ProcessorSeconds, double? Joules)
{
    public static CallSpending operator +(in CallSpending one, in CallSpending other) => new(
        one.DeviceSeconds + other.DeviceSeconds, one.ProcessorSeconds + other.ProcessorSeconds, JobUsage.Sum(one.Joules, other.Joules));

    /// <summary>A share of it, 0…1.</summary>
    public CallSpending Share(double share) => new(DeviceSeconds * share, ProcessorSeconds * share, Joules * share);

    public JobUsage ToUsage() => new(DeviceSeconds, ProcessorSeconds, Joules);
}
