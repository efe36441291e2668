namespace Darkroom.TestKit.Faults;

/// <summary>
/// The wall clock of a process that is started with <see cref="Environment"/>: libfaketime stands before the C library, and reads from a file how far off
/// the clock is to be. The monotonic clock is left alone, as a real jump leaves it.
/// </summary>
internal sealed class FakedClock : IDisposable
{
    private readonly string file = Path.GetTempFileName(), library;

    private FakedClock(string library, string offset)
    {
        this.library = library;
        Set(offset);
    }

    /// <summary>To be given to the process.</summary>
    public (string Name, string Value)[] Environment =>
    [
        ("LD_PRELOAD", library), ("FAKETIME_TIMESTAMP_FILE", file), ("FAKETIME_NO_CACHE", "1"), ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ("FAKETIME_FORCE_MONOTONIC_FIX", "0"), // else it spoils waits by the monotonic clock, which are all of .NET's
    ];

    /// <param name="offset">As libfaketime writes it: +3d, -1d, +0.</param>
    public static FakedClock? TryCreate(string offset = "+0")
    {
        const string root = "/usr/lib";
        string? library = !OperatingSystem.IsLinux() || !Directory.Exists(root) ? null : Directory.EnumerateDirectories(root)
            .Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists);
        return library is null ? null : new(library, offset);
    }

    /// <summary>The clock jumps: from now on it is so far off.</summary>
    public void Set(string offset) => File.WriteAllText(file, offset);

    /// <summary>What a server says the date is, less what it is.</summary>
    public static async Task<TimeSpan> OffsetOfAsync(StartedServer server)
    {
        using var answer = await server.Client.GetAsync(new Uri("/livez", UriKind.Relative));
        return answer.Headers.Date!.Value - DateTimeOffset.UtcNow;
    }

    public void Dispose() => File.Delete(file);
}
