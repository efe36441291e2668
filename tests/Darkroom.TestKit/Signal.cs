using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Darkroom.TestKit;

/// <summary>Signals to a process, as an operator sends them.</summary>
public static class Signal
{
    public const int HangUp = 1, Interrupt = 2, Terminate = 15, Continue = 18, Stop = 19;

    public static void Send(Process process, int signal)
    {
        ArgumentNullException.ThrowIfNull(process);
        if (Kill(process.Id, signal) != 0 && !process.HasExited)
            throw new InvalidOperationException($"Signal {signal} was not sent: error {Marshal.GetLastPInvokeError()}.");
    }

    /// <summary>
    /// Whether this process ignores <paramref name="signal"/>, and with it every process that it starts: a shell without job control gives SIGINT
    /// so to what it runs in the background, and nohup gives SIGHUP. Known on Linux alone; elsewhere false.
    /// </summary>
    public static bool IsIgnored(int signal)
    {
        const string Name = "SigIgn:";
        if (!OperatingSystem.IsLinux()) return false;
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Name, StringComparison.Ordinal));
        ulong ignored = ulong.Parse(line.AsSpan(Name.Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return (ignored >> (signal - 1) & 1) != 0;
    }

    /// <summary>The same start of a program that <paramref name="signal"/> reaches, also where this process ignores it.</summary>
    public static ProcessStartInfo Heeding(this ProcessStartInfo start, int signal)
    {
        ArgumentNullException.ThrowIfNull(start);
        if (!IsIgnored(signal)) return start;
        start.ArgumentList.Insert(0, start.FileName);
        start.ArgumentList.Insert(0, $"--default-signal={signal}");
        start.FileName = "/usr/bin/env"; // of GNU: it becomes the program
        return start;
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
