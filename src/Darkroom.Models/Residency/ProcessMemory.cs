using System.Globalization;

namespace Darkroom.Models.Residency;

/// <summary>What the process has in the machine's memory.</summary>
internal static class ProcessMemory
{
    private const string Path = "/proc/self/statm";

    /// <summary>All bytes that it has in memory, files that are mapped included; 0 where the system does not say.</summary>
    public static long AllBytes => File.Exists(Path)
        ? long.Parse(File.ReadAllText(Path).Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize : 0;

    /// <summary>Bytes that are its own alone, without files that are mapped; 0 where the system does not say.</summary>
    public static long OwnBytes
    {
        get
        {
            if (!File.Exists(Path)) return 0;
            string[] pages = File.ReadAllText(Path).Split(' ');
            return (long.Parse(pages[1], CultureInfo.InvariantCulture) - long.Parse(pages[2], CultureInfo.InvariantCulture)) * Environment.SystemPageSize;
        }
    }
}
