using Darkroom.Server.Logging;

namespace Darkroom.Server.Security.Keys;

/// <summary>
/// Keys in a file, for one machine. It is looked at by every request and read again when it changed, so that what a command adds or removes counts at once.
/// While it cannot be read the keys that were read last stay in use: a mistake in it never admits a request without a key.
/// </summary>
/// <param name="path">Of the file; it need not exist.</param>
/// <param name="time">Tells whether a change is so fresh that another may hide behind the same time stamp.</param>
/// <param name="logger">Told once of what is wrong with the file.</param>
internal sealed class FileKeyStore(string path, TimeProvider time, ILogger logger) : IKeyStore
{
    // File systems stamp in ticks of some milliseconds, some of a second or two.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private IReadOnlyList<ApiKey> keys = [];
    private Stamp? seen;
    private bool isSure;
    private string? fault;

    /// <summary>The file's place below the data folder.</summary>
    public static string PathIn(string dataPath) => Path.Combine(dataPath, "keys.json");

    public ValueTask<bool> IsInUseAsync(CancellationToken cancellation)
    {
        var (current, wrong) = Look();
        return ValueTask.FromResult(current.Count > 0 || wrong is not null);
    }

    public ValueTask<ApiKey?> FindAsync(KeyHash hash, CancellationToken cancellation)
    {
        ApiKey? found = null;
        foreach (var key in Look().Keys) // all of them: the time tells nothing of which it is
            if (key.Hash.Matches(hash))
                found = key;
        return ValueTask.FromResult(found);
    }

    public ValueTask<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellation) => ValueTask.FromResult(Look().Keys);

    public async ValueTask<bool> AddAsync(ApiKey key, CancellationToken cancellation) => await KeysFileAccess.ChangeAsync(
        path, old => old.Any(one => one.Name.Equals(key.Name, StringComparison.OrdinalIgnoreCase)) ? null : [.. old, key], time, cancellation);

    public async ValueTask<bool> RemoveAsync(string name, CancellationToken cancellation) => await KeysFileAccess.ChangeAsync(
        path, old => old.Where(one => !one.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList() is var rest && rest.Count < old.Count ? rest : null,
        time, cancellation);

    private (IReadOnlyList<ApiKey> Keys, string? Fault) Look()
    {
        lock (gate)
        {
            var stamp = Stamp.Of(path);
            if (isSure && stamp == seen) return (keys, fault);
            var before = fault;
            try
            {
                (keys, fault) = (KeysFileAccess.Read(path), null);
            }
            catch (InvalidDataException wrong)
            {
                fault = wrong.Message;
            }
            // Another's right to read does not change the stamp: a file that could not be read is tried again.
            (seen, isSure) = (stamp, fault is null && (time.GetUtcNow() - stamp.Written).Duration() > Fresh);
            if (fault is not null && fault != before) ServerEvents.KeysUnreadable(logger, fault);
            return (keys, fault);
        }
    }

    /// <summary>What tells one state of a file from another without reading it.</summary>
    private readonly record struct Stamp(DateTimeOffset Written, long Length)
    {
        public static Stamp Of(string path) => new FileInfo(path) is { Exists: true } file
            ? new(new(file.LastWriteTimeUtc, TimeSpan.Zero), file.Length)
            : default;
    }
}
