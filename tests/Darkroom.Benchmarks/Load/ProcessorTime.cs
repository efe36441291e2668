using System.Diagnostics;
using System.Globalization;

namespace Darkroom.Benchmarks.Load;

/// <summary>
/// Processor time used up to now, in seconds of one core: by measured processes, by this one, and by everybody on the machine (0 where it does not say).
/// </summary>
internal readonly record struct ProcessorTime(long At, double Measured, double Own, double Machine)
{
    public static ProcessorTime Now(params ReadOnlySpan<int> measured)
    {
        double used = 0;
        foreach (int id in measured)
        {
            using var process = Process.GetProcessById(id);
            used += process.TotalProcessorTime.TotalSeconds;
        }
        return new ProcessorTime(Stopwatch.GetTimestamp(), used, Environment.CpuUsage.TotalTime.TotalSeconds, MachineBusy());
    }

    /// <summary>Cores in use between two moments. Others are neither the measured nor this one: what else ran on the machine.</summary>
    public (double Measured, double Own, double Others) Since(ProcessorTime start)
    {
        double seconds = Stopwatch.GetElapsedTime(start.At, At).TotalSeconds, measured = (Measured - start.Measured) / seconds,
            own = (Own - start.Own) / seconds;
        return (measured, own, Math.Max(0, (Machine - start.Machine) / seconds - measured - own));
    }

    private static double MachineBusy()
    {
        if (!File.Exists("/proc/stat")) return 0;
        // cpu user nice system idle iowait irq softirq steal, in hundredths of a second (proc(5))
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + ticks[7]) / 100;
    }
}
