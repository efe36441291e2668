using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Darkroom.Benchmarks.Real;

/// <summary>The machine's memory: what fits into it, and what lies in its cache.</summary>
internal static class MachineMemory
{
    /// <summary>What calls need beyond the weights, roughly: bytes a pixel, of an exporter's graph.</summary>
    private const long CallBytes = (3500L << 20) / (512 * 512);

    /// <summary>Whether all contestants can be in memory at once, and their files in the cache.</summary>
    public static bool Fits(RealFiles files, IReadOnlyList<Contestant> contestants, int side)
    {
        long processes = contestants.Count * (files.WeightBytes + CallBytes * side * side);
        long cached = contestants.SelectMany(files.FilesOf).Distinct().Sum(file => new FileInfo(file).Length);
        return processes + cached <= Available();
    }

    /// <summary>Reads files once, so that they are in the system's cache as far as there is room.</summary>
    public static void Warm(IEnumerable<string> files)
    {
        byte[] buffer = new byte[1 << 22];
        foreach (string path in files)
        {
            using var file = File.OpenRead(path);
            while (file.Read(buffer) > 0) { }
        }
    }

    /// <summary>
    /// Takes as many bytes as weights need, and gives them back: a virtual machine may have to fetch its memory from the host at the first touch, which no
    /// program can spare. Some hosts take back what is free, and then every process pays it again.
    /// </summary>
    /// <returns>Seconds that it took.</returns>
    public static double Touch(long bytes)
    {
        bytes = Math.Min(bytes, Available() / 2); // others on the machine keep some
        long began = Stopwatch.GetTimestamp();
        nint memory = Marshal.AllocHGlobal((nint)bytes);
        for (long page = 0; page < bytes; page += 4096) Marshal.WriteByte(memory + (nint)page, 1);
        Marshal.FreeHGlobal(memory);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>Bytes that may be taken, the cache's included.</summary>
    public static long Available() => 1024 * long.Parse(
        File.ReadLines("/proc/meminfo").First(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal))
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
