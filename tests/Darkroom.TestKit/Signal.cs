using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Darkroom.TestKit;

/// <summary>Signals to a process, as an operator sends them.</summary>
public static class Signal
{
    private const int Terminate = 15;

    /// <summary>SIGTERM.</summary>
    public static void Term(Process process)
    {
        ArgumentNullException.ThrowIfNull(process);
        if (Kill(process.Id, Terminate) != 0 && !process.HasExited)
            throw new InvalidOperationException($"SIGTERM was not sent: error {Marshal.GetLastPInvokeError()}.");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
