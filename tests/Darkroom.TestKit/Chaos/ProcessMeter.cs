using System.Globalization;

namespace Darkroom.TestKit.Chaos;

/// <summary>What a process has of the machine at a moment, as Linux says it.</summary>
/// <param name="At">Since the start of the run.</param>
/// <param name="ResidentMiB">Memory in RAM.</param>
/// <param name="AnonymousMiB">Of that, what no file backs.</param>
public sealed record ProcessReading(TimeSpan At, double ResidentMiB, double AnonymousMiB, int Threads, int Descriptors);

/// <summary>Reads <c>/proc</c>.</summary>
public static class ProcessMeter
{
    public static ProcessReading Read(int process, TimeSpan at)
    {
        var fields = File.ReadLines($"/proc/{process}/status").Select(line => line.Split(':', 2)).ToDictionary(parts => parts[0], parts => parts[1]);
        return new ProcessReading(at, Number("VmRSS") / 1024, Number("RssAnon") / 1024, (int)Number("Threads"),
            Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Count());

        double Number(string field) => double.Parse(fields[field].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
    }

    /// <summary>Least squares: how much a value rises a minute.</summary>
    public static double Slope(IReadOnlyList<ProcessReading> readings, Func<ProcessReading, double> value)
    {
        if (readings.Count < 2) return 0;
        double time = readings.Average(one => one.At.TotalMinutes), middle = readings.Average(value);
        return readings.Sum(one => (one.At.TotalMinutes - time) * (value(one) - middle)) / readings.Sum(one => Math.Pow(one.At.TotalMinutes - time, 2));
    }
}
