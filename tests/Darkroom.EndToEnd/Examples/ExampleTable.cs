using System.Text.RegularExpressions;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Examples;

/// <summary>The commands that <c>examples/README.md</c> tells its readers to type.</summary>
internal static partial class ExampleTable
{
    /// <summary>In the document's order.</summary>
    public static IReadOnlyList<string> Commands { get; } =
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "examples", "README.md")).Select(line => Row().Match(line)).Where(row => row.Success)
            .Select(row => row.Groups["command"].Value),
    ];

    /// <summary>The one command that starts a file.</summary>
    /// <param name="file">Below <c>examples/</c>: <c>curl/txt2img.sh</c>.</param>
    public static string Of(string file) => Assert.Single(Commands, command => FileOf(command) == file);

    /// <summary>The file below <c>examples/</c> that a command starts.</summary>
    public static string FileOf(string command) => Started().Match(command).Groups["file"].Value;

    [GeneratedRegex("^\\| `(?<command>[^`]+)` \\|")]
    private static partial Regex Row();

    [GeneratedRegex(@"\bexamples/(?<file>[\w./-]+)")]
    private static partial Regex Started();
}
