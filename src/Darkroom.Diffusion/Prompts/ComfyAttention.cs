using System.Globalization;

namespace Darkroom.Diffusion.Prompts;

/// <summary>
/// ComfyUI's attention syntax: <c>(a)</c> is ×1.1, and nested ones multiply; <c>(a:1.3)</c> is 1.3 whatever stands around it; <c>\(</c> and <c>\)</c> are
/// the signs themselves. Square brackets, <c>BREAK</c>, <c>AND</c> and schedules are text. A bracket that is never closed is text, and so is one that was
/// never opened.
/// </summary>
public static class ComfyAttention
{
    private const double Round = 1.1;

    // A prompt holds no NUL.
    private const string EscapedClose = "\0\u0001", EscapedOpen = "\0\u0002";

    /// <summary>The pieces of a text in order, at least one; neighbours of equal weight stay apart, since ComfyUI turns each into tokens alone.</summary>
    public static IReadOnlyList<PromptPiece> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var pieces = new List<PromptPiece>();
        var open = new Stack<(string Text, double Weight)>(); // still to be looked into, the first on top
        open.Push((text.Replace("\\)", EscapedClose, StringComparison.Ordinal).Replace("\\(", EscapedOpen, StringComparison.Ordinal), 1));
        while (open.TryPop(out var part))
        {
            var items = Items(part.Text);
            for (int i = items.Count - 1; i >= 0; i--)
                if (items[i] is ['(', .. var inner, ')']) open.Push(Opened(inner, part.Weight));
                else if (i == 0 && items.Count == 1) pieces.Add(new(Plain(items[i]), part.Weight));
                else open.Push((items[i], part.Weight));
        }
        return pieces.Count > 0 ? pieces : [new("", 1)];
    }

    private static (string Text, double Weight) Opened(string inner, double weight)
    {
        int colon = inner.LastIndexOf(':');
        return colon > 0 && double.TryParse(inner.AsSpan(colon + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double own) && double.IsFinite(own)
            ? (inner[..colon], own)
            : (inner, weight * Round);
    }

    private static string Plain(string text) =>
        text.Replace(EscapedClose, ")", StringComparison.Ordinal).Replace(EscapedOpen, "(", StringComparison.Ordinal);

    /// <summary>The outermost brackets of a text, and what stands between them; none is empty.</summary>
    private static List<string> Items(string text)
    {
        var items = new List<string>();
        int start = 0, depth = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '(' && depth++ == 0 && i > start)
            {
                items.Add(text[start..i]);
                start = i;
            }
            else if (text[i] == ')' && --depth == 0)
            {
                items.Add(text[start..(i + 1)]);
                start = i + 1;
            }
        }
        if (start < text.Length) items.Add(text[start..]);
        return items;
    }
}
