using System.Globalization;

namespace Darkroom.Benchmarks;

/// <summary>What Linux says of this process's memory.</summary>
internal static class ProcessFigures
{
    /// <summary>MiB of anonymous memory that is resident.</summary>
    public static double Anonymous => Of("RssAnon");

    /// <summary>MiB resident at once at most, of files too, since it was last set back.</summary>
    public static double Peak => Of("VmHWM");

    /// <summary>MiB resident, of files too.</summary>
    public static double Resident => Of("VmRSS");

    public static void ResetPeak() => File.WriteAllText("/proc/self/clear_refs", "5");

    private static double Of(string name) => double.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(name + ":", StringComparison.Ordinal))
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024;
}
