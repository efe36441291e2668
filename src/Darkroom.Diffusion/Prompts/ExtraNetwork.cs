namespace Darkroom.Diffusion.Prompts;

/// <summary>A1111's tag for a network that is laid over a model while the prompt is read: <c>&lt;lora:name:0.8&gt;</c>.</summary>
/// <param name="Kind">What stands before the colon.</param>
/// <param name="Arguments">What stands behind it: a name, then weights.</param>
public readonly record struct ExtraNetwork(string Kind, string Arguments)
{
    private static readonly string[] Kinds = ["lora", "lyco", "hypernet"];

    /// <summary>
    /// The tags of a prompt, in order. Other words between such signs are text (A1111 drops them). A1111 looks for tags in the prompt, never in the negative one.
    /// </summary>
    /// <param name="text">Any text. Time is linear in it.</param>
    public static IReadOnlyList<ExtraNetwork> Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var found = new List<ExtraNetwork>();
        int open = text.IndexOf('<', StringComparison.Ordinal);
        while (open >= 0 && text.IndexOf('>', open) is > 0 and var close)
        {
            int next = open + 1;
            foreach (string kind in Kinds)
            {
                int start = open + kind.Length + 2;
                if (start >= close || text[start - 1] != ':' || string.CompareOrdinal(text, open + 1, kind, 0, kind.Length) != 0) continue;
                found.Add(new(kind, text[start..close]));
                next = close;
                break;
            }
            open = text.IndexOf('<', next);
        }
        return found;
    }
}
