using System.Diagnostics;
using System.Runtime.InteropServices;
using Darkroom.Server.Generation;

namespace Darkroom.Server.Health;

/// <summary>Ends the process, whatever holds it: when the time for the way out is over, it is ended from outside of all that waits.</summary>
internal static class ProcessEnd
{
    /// <summary>Exit code of a process that has no device left, or had to be ended (EX_SOFTWARE).</summary>
    public const int Failed = 70;

    /// <summary>For the handlers of an ordinary exit, which may hang with the rest.</summary>
    private static readonly TimeSpan ForHandlers = TimeSpan.FromSeconds(0.5);

    /// <summary>Watches the way out of this process from when it begins; a server that did not come to serve has nothing that could hold it.</summary>
    public static void Guard(IHostApplicationLifetime host, Drain drain) => host.ApplicationStopping.Register(() =>
    {
        if (!host.ApplicationStarted.IsCancellationRequested) return;
        // A thread of its own: the pool's may all be held by what hangs.
        new Thread(() => Watch(drain)) { IsBackground = true, Name = "darkroom-process-end" }.Start();
    });

    private static void Watch(Drain drain)
    {
        drain.Hurried.WaitHandle.WaitOne(drain.Timeout);
        using var never = new ManualResetEventSlim();
        never.Wait(Drain.MaxAfter); // the process ends meanwhile
        Console.Error.WriteLine("Something does not let the process end; it is ended now.");
        var exit = new Thread(static () => Environment.Exit(Failed)) { IsBackground = true };
        exit.Start();
        exit.Join(ForHandlers);
        if (OperatingSystem.IsWindows()) Process.GetCurrentProcess().Kill();
        else ExitAtOnce(Failed);
    }

    /// <summary>Ends every thread where it is and runs no handler, with the exit code that a supervisor reads.</summary>
    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void ExitAtOnce(int status);
}
