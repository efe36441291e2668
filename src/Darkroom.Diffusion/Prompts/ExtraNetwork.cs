using System.Text;

namespace Darkroom.Diffusion.Prompts;

/// <summary>A1111's tag for a network that is laid over a model while the prompt is read: <c>&lt;lora:name:0.8&gt;</c>.</summary>
/// <param name="Kind">What stands before the colon.</param>
/// <param name="Arguments">What stands behind it: a name, then weights.</param>
public readonly record struct ExtraNetwork(string Kind, string Arguments)
{
    private static readonly string[] Kinds = ["lora", "lyco", "hypernet"];

    /// <summary>
    /// The tags of a prompt, in order. Other words between such signs are text (A1111 drops them). A1111 looks for tags in the prompt, never in the
    /// negative one.
    /// </summary>
    /// <param name="text">Any text. Time is linear in it.</param>
    public static IReadOnlyList<ExtraNetwork> Find(string text)
    {
        Take(text, out var found);
        return found;
    }

    /// <summary>Takes the tags out of a prompt.</summary>
    /// <param name="text">Any text. Time is linear in it.</param>
    /// <param name="tags">They, in order.</param>
    /// <returns>The text without them, and with the blanks around them, as A1111 reads it.</returns>
    public static string Take(string text, out IReadOnlyList<ExtraNetwork> tags)
    {
        ArgumentNullException.ThrowIfNull(text);
        var found = new List<ExtraNetwork>();
        var rest = new StringBuilder();
        int copied = 0;
        int open = text.IndexOf('<', StringComparison.Ordinal);
        while (open >= 0 && text.IndexOf('>', open) is > 0 and var close)
        {
            int next = open + 1;
            foreach (string kind in Kinds)
            {
                int start = open + kind.Length + 2;
                if (start >= close || text[start - 1] != ':' || string.CompareOrdinal(text, open + 1, kind, 0, kind.Length) != 0) continue;
                found.Add(new(kind, text[start..close]));
                rest.Append(text, copied, open - copied);
                copied = close + 1;
                next = close;
                break;
            }
            open = text.IndexOf('<', next);
        }
        tags = found;
        return copied == 0 ? text : rest.Append(text, copied, text.Length - copied).ToString();
    }
}
