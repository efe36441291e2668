using NetVips;

namespace Darkroom.Imaging;

/// <summary>The one place where libvips is started and set up. Everything that touches it asks <see cref="Ensure"/> first.</summary>
public static class VipsRuntime
{
    private static readonly Lazy<string?> Fault = new(Start, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Null where pictures can be read and written, else the reason why not, in one line for an operator.</summary>
    public static string? Check() => Fault.Value;

    /// <exception cref="InvalidOperationException">libvips cannot be used here; the message says why.</exception>
    internal static void Ensure()
    {
        if (Fault.Value is { } reason) throw new InvalidOperationException(reason);
    }

    private static string? Start()
    {
        try
        {
            // NetVips loads libvips when its assembly is first touched and keeps the failure instead of throwing it.
            if (!ModuleInitializer.VipsInitialized) return Describe(ModuleInitializer.Exception);
            Configure();
            return null;
        }
        catch (Exception fault) when (fault is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException
            or BadImageFormatException or FileNotFoundException or VipsException)
        {
            return Describe(fault);
        }
    }

    private static void Configure()
    {
        // Requests run side by side already; a thread pool for every picture would only fight for the same cores.
        NetVips.NetVips.Concurrency = 1;
        // The cache keeps results of operations for a repeat that never comes, and with them the pictures.
        Cache.Max = 0;
        // A broken upload makes libvips warn on stderr for every line it cannot decode. What matters of it comes as the exception.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, static (_, _, _) => { });
        // Uploads are hostile. Loaders nobody has fuzzed stay shut, and of the others only ours open.
        NetVips.NetVips.BlockUntrusted = true;
        Operation.Block("VipsForeignLoad", true);
        Operation.Block("VipsForeignLoadPng", false);
        Operation.Block("VipsForeignLoadJpeg", false);
        Operation.Block("VipsForeignLoadWebp", false);
    }

    internal static string Describe(Exception? fault)
    {
        for (; fault is TypeInitializationException { InnerException: { } inner }; fault = inner) ;
        string detail = fault is null ? "no reason given" : fault.Message.ReplaceLineEndings(" ").Trim();
        return $"libvips cannot be loaded, so no picture can be read or written: {detail}";
    }
}
