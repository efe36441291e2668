using System.Runtime.InteropServices;

namespace Darkroom.Models.Sessions;

/// <summary>
/// ONNX Runtime's official builds report to their maker how they are used, and keep an id of the machine in the home folder, unless a variable says
/// otherwise before the library is loaded (its Privacy.md). Nothing of a server's machine is anybody else's business.
/// </summary>
public static class NativeTelemetry
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";

    /// <summary>Turns it off for this process; to be called before other threads are started and any graph is opened.</summary>
    public static void TurnOff()
    {
        Environment.SetEnvironmentVariable(Variable, "1"); // for processes that this one starts, and all that Windows needs
        // Elsewhere that is a copy, and native code reads the C library's own.
        if (!OperatingSystem.IsWindows()) _ = Set([.. "ORT_DISABLE_TELEMETRY\0"u8], [.. "1\0"u8], 1);
    }

    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Set(byte[] name, byte[] value, int overwrite);
}
