using System.Diagnostics;
using System.Globalization;

namespace Darkroom.Benchmarks.Load;

/// <summary>Processor time used up to now, in seconds of one core: by the server, by this process, and by everybody on the machine (0 where it does not say).</summary>
internal readonly record struct ProcessorTime(long At, double Server, double Own, double Machine)
{
    public static ProcessorTime Now(int server)
    {
        using var process = Process.GetProcessById(server);
        return new ProcessorTime(Stopwatch.GetTimestamp(), process.TotalProcessorTime.TotalSeconds, Environment.CpuUsage.TotalTime.TotalSeconds, MachineBusy());
    }

    /// <summary>Cores in use between two moments. Others are neither the server nor the generator: whoever else was on the machine.</summary>
    public (double Server, double Own, double Others) Since(ProcessorTime start)
    {
        double seconds = Stopwatch.GetElapsedTime(start.At, At).TotalSeconds, server = (Server - start.Server) / seconds, own = (Own - start.Own) / seconds;
        return (server, own, Math.Max(0, (Machine - start.Machine) / seconds - server - own));
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
