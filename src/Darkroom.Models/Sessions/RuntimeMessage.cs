using System.Text.RegularExpressions;

namespace Darkroom.Models.Sessions;

/// <summary>
/// What ONNX Runtime says, as one line: it spreads facts over several (which axis of which input is wrong), and adds advice to programmers and, in some
/// builds, its own stack. Folders of the machine are left out.
/// </summary>
internal static partial class RuntimeMessage
{
    private const int MaxLength = 600;

    /// <param name="message">What the runtime says.</param>
    /// <param name="graph">Path of the graph that it speaks of.</param>
    public static string Of(string message, string graph)
    {
        var lines = MachinePaths.Remove(message, graph).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .TakeWhile(line => !line.StartsWith("Stacktrace", StringComparison.OrdinalIgnoreCase))
            .Where(line => !line.StartsWith("Please fix", StringComparison.Ordinal));
        string text = "";
        foreach (string line in lines)
        {
            string next = text.Length == 0 ? line : $"{text}{(Index().IsMatch(line) && Index().IsMatch(text) ? ";" : "")} {line}";
            if (next.Length > MaxLength && text.Length > 0) break; // whole lines alone
            text = next;
        }
        return text.TrimEnd('.', ' ');
    }

    [GeneratedRegex(@"index: \d+")]
    private static partial Regex Index();
}
