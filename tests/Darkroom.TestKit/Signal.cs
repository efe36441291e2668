using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Darkroom.TestKit;

/// <summary>Signals to a process, as an operator sends them.</summary>
public static class Signal
{
    public const int HangUp = 1, Interrupt = 2, Terminate = 15;

    public static void Send(Process process, int signal)
    {
        ArgumentNullException.ThrowIfNull(process);
        if (Kill(process.Id, signal) != 0 && !process.HasExited)
            throw new InvalidOperationException($"Signal {signal} was not sent: error {Marshal.GetLastPInvokeError()}.");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
