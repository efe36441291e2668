namespace Darkroom.Models.Files;

/// <summary>
/// A path without links, as the system resolves it: component by component, so that <c>..</c> behind a link leads out of what the link stands for, and a
/// link's text is read from where the link really lies.
/// </summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    /// <summary>Where links lead in a circle or nowhere, the path as far as it could be followed.</summary>
    /// <param name="path">Absolute, or relative to the current folder. It may have <c>..</c> in it.</param>
    public static string Of(string path)
    {
        if (!Path.IsPathRooted(path)) path = Path.Combine(Environment.CurrentDirectory, path);
        string root = Path.GetPathRoot(path)!, here = root;
        var open = new Stack<string>(Components(path[root.Length..]));
        int links = 0;
        while (open.TryPop(out string? name))
        {
            if (name is ".") continue;
            if (name is "..")
            {
                here = Path.GetDirectoryName(here) ?? root;
                continue;
            }
            string next = Path.Combine(here, name);
            if (links < MaxLinks && new FileInfo(next).LinkTarget is { } target)
            {
                links++;
                if (Path.IsPathRooted(target)) here = root;
                foreach (string part in Components(target)) open.Push(part);
            }
            else
            {
                here = next;
            }
        }
        return here;
    }

    /// <summary>Whether a path lies below a folder; both without links.</summary>
    public static bool IsBelow(string path, string folder) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>The last first, for a stack.</summary>
    private static IEnumerable<string> Components(string path) => path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse();
}
