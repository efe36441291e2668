namespace Darkroom.Models.Pool;

/// <summary>
/// Ids of model folders: the folder's name; where several share one, each has its path relative to the models path, with <c>--</c> for <c>/</c>.
/// </summary>
internal static class ModelIds
{
    /// <param name="paths">Relative to the models path, with <c>/</c>; the models path itself by its name.</param>
    /// <returns>Each path's id; all differ.</returns>
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyCollection<string> paths)
    {
        var shared = paths.GroupBy(NameOf, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key)
            .ToHashSet(StringComparer.Ordinal);
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in paths.OrderBy(path => path.Contains('/')).ThenBy(path => path, StringComparer.Ordinal))
        {
            string id = shared.Contains(NameOf(path)) ? path.Replace("/", "--", StringComparison.Ordinal) : NameOf(path);
            // A folder may bear the very name that another's path becomes ("a--b" beside "a/b"): the later one is marked.
            while (!taken.Add(id)) id += "~";
            ids[path] = id;
        }
        return ids;
    }

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
