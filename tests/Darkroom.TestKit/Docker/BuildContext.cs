using System.Text;
using System.Text.RegularExpressions;

namespace Darkroom.TestKit.Docker;

/// <summary>What a builder is sent of a folder: everything that its <c>.dockerignore</c> lets through.</summary>
public sealed class BuildContext
{
    private readonly string root;

    public BuildContext(string root)
    {
        this.root = root;
        var rules = File.ReadLines(Path.Combine(root, ".dockerignore")).Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith('#'))
            .Select(line => (Kept: line.StartsWith('!'), Pattern: Pattern(line.TrimStart('!').Trim('/'), andBelow: true))).ToList();
        Files = [.. Below(root, rules).Order(StringComparer.Ordinal)];
    }

    /// <summary>Their paths below the folder, with <c>/</c>.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Files that a source of COPY stands for, each with the path that it gets below the target.</summary>
    /// <param name="source">A file, a folder whose content is meant, or a pattern.</param>
    public IReadOnlyList<(string File, string To)> Find(string source)
    {
        string path = source.TrimEnd('/');
        if (Files.Contains(path)) return [(path, Path.GetFileName(path))];
        var content = Files.Where(file => file.StartsWith(path + "/", StringComparison.Ordinal)).Select(file => (file, file[(path.Length + 1)..])).ToList();
        if (content.Count > 0) return content;
        var pattern = Pattern(path, andBelow: false);
        return [.. Files.Where(file => pattern.IsMatch(file)).Select(file => (file, Path.GetFileName(file)))];
    }

    public string FullPath(string file) => Path.Combine(root, file);

    // Folders that are left out are not entered where no rule could take something of them back: tests and the like are large.
    private static IEnumerable<string> Below(string root, List<(bool Kept, Regex Pattern)> rules, string folder = "")
    {
        foreach (var entry in new DirectoryInfo(Path.Combine(root, folder)).EnumerateFileSystemInfos())
        {
            string path = folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}";
            if (rules.LastOrDefault(rule => rule.Pattern.IsMatch(path)) is { Kept: false, Pattern: not null }) continue;
            if (entry is not DirectoryInfo) yield return path;
            else
                foreach (string file in Below(root, rules, path))
                    yield return file;
        }
    }

    /// <summary>Of Go's path patterns what is used here: <c>*</c> within a name, <c>**</c> over any number of folders.</summary>
    private static Regex Pattern(string text, bool andBelow)
    {
        var regex = new StringBuilder("^");
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i..].StartsWith("**/", StringComparison.Ordinal)) (_, i) = (regex.Append("(?:.*/)?"), i + 2);
            else regex.Append(text[i] == '*' ? "[^/]*" : Regex.Escape(text[i].ToString()));
        }
        return new(regex.Append(andBelow ? "(?:/.*)?$" : "$").ToString());
    }
}
