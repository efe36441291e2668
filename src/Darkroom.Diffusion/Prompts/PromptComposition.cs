namespace Darkroom.Diffusion.Prompts;

/// <summary>One of the prompts that <c>AND</c> joins.</summary>
/// <param name="Text">Without its weight; may hold schedules and attention.</param>
/// <param name="Weight">Its share of the guidance; negative steers away.</param>
public readonly record struct ComposedText(string Text, double Weight);

/// <summary>
/// A1111's composition (1.6 and later): <c>a cat :1.2 AND a dog :-0.5</c>. The word splits the prompt before anything else is read, inside brackets too.
/// A weight stands at a part's end behind a colon; without one it is 1. A part may run over several lines; blanks at its end fall away.
/// </summary>
public static class PromptComposition
{
    private const string And = "AND";

    /// <summary>The parts in order, at least one.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="most">Parts at most: in the last of them the word is text.</param>
    public static IReadOnlyList<ComposedText> Parse(string text, int most = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        var parts = new List<ComposedText>();
        int start = 0;
        while (parts.Count + 1 < most && PromptSigns.IndexOfWord(text, And, start) is >= 0 and var found)
        {
            parts.Add(Weighted(text[start..found]));
            start = found + And.Length;
        }
        parts.Add(Weighted(text[start..]));
        return parts;
    }

    /// <summary>How many parts a text has.</summary>
    public static int Count(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int parts = 1;
        for (int start = 0; PromptSigns.IndexOfWord(text, And, start) is >= 0 and var found; parts++) start = found + And.Length;
        return parts;
    }

    private static ComposedText Weighted(string part)
    {
        int end = TrimmedEnd(part, part.Length), colon = part.AsSpan(0, end).LastIndexOf(':');
        return colon >= 0 && PromptNumber.TryReadWeight(part.AsSpan(PromptSigns.SkipBlanks(part.AsSpan(0, end), colon + 1)..end), out double weight)
            ? new(part[..TrimmedEnd(part, colon)], weight)
            : new(part[..end], 1);
    }

    private static int TrimmedEnd(string part, int end)
    {
        while (end > 0 && PromptSigns.IsBlank(part[end - 1])) end--;
        return end;
    }
}
