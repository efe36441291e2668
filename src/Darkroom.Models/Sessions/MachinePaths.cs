using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Darkroom.Models.Files;

namespace Darkroom.Models.Sessions;

/// <summary>
/// Takes the machine's folders out of the runtime's words, which go out in answers: files of the graph's model keep their place in it
/// (<c>unet/model.onnx</c>), others their name. Nodes are called <c>/down_blocks.0/Conv</c> and are left as they are: a path is told from them by its first
/// folder, which this machine has.
/// </summary>
internal static partial class MachinePaths
{
    /// <summary>Folders at the root, and the one that the runtime was built in, which its messages name as well.</summary>
    private static readonly Lazy<FrozenSet<string>> Roots = new(() =>
    {
        try
        {
            return new DirectoryInfo("/").EnumerateFileSystemInfos().Select(one => one.Name).Append("onnxruntime_src").ToFrozenSet(StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return FrozenSet<string>.Empty;
        }
    });

    /// <param name="text">What the runtime says.</param>
    /// <param name="graph">Path of the graph that it speaks of.</param>
    public static string Remove(string text, string graph)
    {
        foreach (string path in (string[])[graph, Path.GetFullPath(graph), RealPath.Of(graph)])
            if (Path.GetDirectoryName(Path.GetDirectoryName(path)) is { Length: > 1 } model)
                text = text.Replace(Path.TrimEndingDirectorySeparator(model) + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
        return Rooted().Replace(text, static match => match.Groups["drive"].Success || Roots.Value.Contains(match.Groups["root"].Value)
            ? match.Value[(match.Value.LastIndexOfAny(['/', '\\']) + 1)..]
            : match.Value);
    }

    [GeneratedRegex("""(?<![\w.~-])(?:/(?<root>[^\s/:;,'"<>|()\[\]]+)/|(?<drive>[A-Za-z]:[\\/]))[^\s:;,'"<>|()\[\]]*""", RegexOptions.CultureInvariant)]
    private static partial Regex Rooted();
}
