namespace Darkroom.Models.Pool;

/// <summary>A file below a folder, with what was read of it.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Written">UTC ticks of the last change.</param>
/// <param name="Value">What was read.</param>
internal sealed record WatchedFile<T>(string Path, long Length, long Written, T Value);

/// <summary>
/// The files of one kind in a folder, at any depth, each by an id made of its name. Files may come and go while the server runs: the folder is looked at again
/// when somebody asks, once a second at most, and a file that has not changed is not read again. Any thread may ask.
/// </summary>
/// <param name="folder">The folder; one that does not exist has no files.</param>
/// <param name="endings">What their names end with. Where two files differ in that alone, all but the first kind's keep it in their ids.</param>
/// <param name="read">Reads a file: its id, and it. It does not throw.</param>
/// <param name="idOf">The id that a value was read for.</param>
/// <param name="time">When the folder is looked at again.</param>
internal sealed class WatchedFiles<T>(
    string folder, IReadOnlyList<string> endings, Func<string, FileInfo, T> read, Func<T, string> idOf, TimeProvider time)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, MaxRecursionDepth = 8, IgnoreInaccessible = true };

    private readonly Lock gate = new();
    private OrderedDictionary<string, WatchedFile<T>> entries = [];
    private long? looked;

    /// <summary>The files by their ids, in ordinal order.</summary>
    public OrderedDictionary<string, WatchedFile<T>> Current()
    {
        lock (gate)
        {
            if (looked is { } before && time.GetElapsedTime(before) < Between) return entries;
            var known = entries.Values.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
            var files = new Dictionary<string, FileInfo>(StringComparer.Ordinal);
            foreach (string ending in endings)
                foreach (var file in Files(ending).OrderBy(file => file.FullName, StringComparer.Ordinal))
                {
                    string relative = Path.GetRelativePath(folder, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
                    if (!files.TryAdd(relative[..^ending.Length], file)) files.TryAdd(relative, file);
                }
            var ids = ModelIds.Of(files.Keys);
            var found = new OrderedDictionary<string, WatchedFile<T>>(StringComparer.Ordinal);
            foreach (var (relative, file) in files.OrderBy(file => ids[file.Key], StringComparer.Ordinal))
            {
                string id = ids[relative];
                var (length, written) = (file.Length, file.LastWriteTimeUtc.Ticks);
                found[id] = known.GetValueOrDefault(file.FullName) is { } same && same.Length == length && same.Written == written && idOf(same.Value) == id
                    ? same : new(file.FullName, length, written, read(id, file));
            }
            looked = time.GetTimestamp();
            return entries = found;
        }
    }

    private FileInfo[] Files(string ending)
    {
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateFiles("*" + ending, Everywhere).Where(file => file.Exists && file.Name.Length > ending.Length)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return []; // not there, or not ours to read
        }
    }
}
