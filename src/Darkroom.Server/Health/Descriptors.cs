using System.Diagnostics.Metrics;
using System.Globalization;

namespace Darkroom.Server.Health;

/// <summary>
/// File descriptors of this process, on Linux. The runtime raises its own limit to the hard one before anything of ours runs, and keeps two for each
/// assembly it has read: of about 250 at rest 226 are those.
/// </summary>
internal static class Descriptors
{
    /// <summary>Below this some of what is asked at one time may fail.</summary>
    public const int Enough = 512;

    /// <summary>Below this no model can be loaded: the server would start, and fail at every request.</summary>
    public const int Min = 300;

    private const string Limits = "/proc/self/limits", Open = "/proc/self/fd", Row = "Max open files";

    /// <summary>How many the process may have; null where that is not known, or there is no limit.</summary>
    public static long? Limit { get; } = Read();

    /// <summary>How many are in use now.</summary>
    public static int CountOpen() => Directory.Exists(Open) ? Directory.EnumerateFileSystemEntries(Open).Count() : 0;

    /// <summary>Counts them among the measurements.</summary>
    public static void Measure(IMeterFactory meters)
    {
        if (Limit is null) return;
        var meter = meters.Create("Darkroom.Server.Process");
        meter.CreateObservableUpDownCounter("darkroom.descriptors.open", CountOpen, "{descriptor}", "File descriptors in use.");
        meter.CreateObservableUpDownCounter("darkroom.descriptors.limit", () => Limit ?? 0, "{descriptor}", "File descriptors that the process may have.");
    }

    public static string Warning(long limit) => string.Create(CultureInfo.InvariantCulture,
        $"The process may have {limit} file descriptors, and needs about {Min} at rest: more connections or models at one time fail. Allow {Enough} or more.");

    private static long? Read()
    {
        if (!File.Exists(Limits) || File.ReadLines(Limits).FirstOrDefault(line => line.StartsWith(Row, StringComparison.Ordinal)) is not { } line) return null;
        return long.TryParse(line[Row.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture, out var soft) ? soft : null;
    }
}
