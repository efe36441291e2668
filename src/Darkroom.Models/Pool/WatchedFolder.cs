using Darkroom.Models.Files;

namespace Darkroom.Models.Pool;

/// <summary>
/// Things of one kind in a folder below a models path, as data. They may come and go while the server runs: the folder is looked at again when somebody asks,
/// once a second at most and for a name that is not known sooner, and what has not changed is not read again. Any thread may ask.
/// </summary>
/// <param name="folder">The folder; one that is not there has nothing.</param>
/// <param name="look">What is in it now: paths of files or folders, and the files that each of them is made of. May throw what a disk reports.</param>
/// <param name="read">Describes one, by its id and path.</param>
/// <param name="time">When the folder is looked at again; null: the system's.</param>
internal sealed class WatchedFolder<T>(
    string folder, Func<string, IEnumerable<(string Path, IEnumerable<string> Files)>> look, Func<string, string, T> read, TimeProvider? time)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private readonly TimeProvider time = time ?? TimeProvider.System;
    private readonly LookLimit unknown = new(time ?? TimeProvider.System);
    private readonly Lock gate = new();
    private OrderedDictionary<string, WatchedEntry<T>> entries = [];
    private long? looked;

    /// <summary>What is there, by id in ordinal order. An id is the name without a file's extension; where two share one, the path with <c>--</c>.</summary>
    public IReadOnlyDictionary<string, WatchedEntry<T>> Current()
    {
        lock (gate)
        {
            if (looked is not { } before || time.GetElapsedTime(before) >= Between) LookAgain();
            return entries;
        }
    }

    /// <summary>The one of an id; null for none.</summary>
    public WatchedEntry<T>? Find(string id)
    {
        if (Current().GetValueOrDefault(id) is { } known) return known;
        lock (gate)
        {
            unknown.Look(LookAgain);
            return entries.GetValueOrDefault(id);
        }
    }

    private void LookAgain()
    {
        var known = entries.Values.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        var found = new Dictionary<string, (string Path, IEnumerable<string> Files)>(StringComparer.Ordinal);
        foreach (var one in Look())
            // A file may have the name of a folder beside it: then it keeps its extension.
            if (!found.TryAdd(RelativeOf(one.Path, keep: false), one)) found.TryAdd(RelativeOf(one.Path, keep: true), one);
        var ids = ModelIds.Of(found.Keys);
        var now = new OrderedDictionary<string, WatchedEntry<T>>(StringComparer.Ordinal);
        foreach (var (relative, (path, files)) in found.OrderBy(one => ids[one.Key], StringComparer.Ordinal))
        {
            string id = ids[relative];
            now[id] = known.GetValueOrDefault(path) is { } same && same.Id == id && same.Stamps.Changed is null && same.Stamps.Covers(files)
                ? same : new(id, path, FileStamps.Of(files), read(id, path));
        }
        looked = time.GetTimestamp();
        entries = now;
    }

    private (string Path, IEnumerable<string> Files)[] Look()
    {
        try
        {
            return [.. look(folder)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return []; // not there, or not ours to read
        }
    }

    private string RelativeOf(string path, bool keep)
    {
        string relative = Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
        return keep || Directory.Exists(path) ? relative : relative[..^Path.GetExtension(path).Length];
    }
}

/// <summary>One thing of a watched folder.</summary>
/// <param name="Id">What requests call it.</param>
/// <param name="Path">Its file or folder.</param>
/// <param name="Stamps">Of its files when it was read.</param>
/// <param name="Description">What is known of it.</param>
internal sealed record WatchedEntry<T>(string Id, string Path, FileStamps Stamps, T Description);
