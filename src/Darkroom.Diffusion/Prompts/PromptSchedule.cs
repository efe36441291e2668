using System.Text;

namespace Darkroom.Diffusion.Prompts;

/// <summary>A prompt as it reads up to a step.</summary>
/// <param name="LastStep">The last step that reads it, counted from 1.</param>
/// <param name="Text">Still in attention syntax.</param>
public readonly record struct ScheduledText(int LastStep, string Text);

/// <summary>
/// A1111's prompt editing (1.6 and later). <c>[a:b:8]</c> is a up to step 8 and b from there; <c>[b:8]</c> adds b, <c>[a::8]</c> takes a away; a number with
/// a point is a share of the steps, 1.0 all of them. <c>[a|b|c]</c> changes at every step. They nest, and weights may stand inside. Whatever is not of that
/// form is text and stays as it is, brackets included; so do escapes.
/// </summary>
public static class PromptSchedule
{
    /// <summary>What a prompt reads at each step: entries by rising last step, the last of them <paramref name="steps"/>.</summary>
    /// <param name="text">Any text. Time is linear in it, for each entry.</param>
    /// <param name="steps">At least 1.</param>
    /// <param name="before">
    /// Steps of a pass before this one, 0 for none. Its steps count on, as in A1111: a whole number counts from the first step of that pass, and a share up to
    /// 1.0 was over with it, 1.5 is the middle of this one.
    /// </param>
    public static IReadOnlyList<ScheduledText> Parse(string text, int steps, int before = 0)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (!text.Contains('[')) return [new(steps, text)];
        var brackets = new ScheduleBrackets(text);
        return [.. LastSteps(text, brackets, steps, before).Select(step => new ScheduledText(step, At(text, brackets, step, (steps, before))))];
    }

    private static SortedSet<int> LastSteps(string text, ScheduleBrackets brackets, int steps, int before)
    {
        var found = new SortedSet<int> { steps };
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (brackets.KindAt(i) == BracketKind.Turn) return [.. Enumerable.Range(1, steps)];
            else if (brackets.KindAt(i) == BracketKind.Switch && brackets.StepOf(i).LastBefore(steps, before) is >= 1 and var step) found.Add(step);
        }
        return found;
    }

    private static string At(string text, ScheduleBrackets brackets, int step, (int Run, int Before) steps)
    {
        var result = new StringBuilder(text.Length);
        var outer = new Stack<(int Position, int End)>(); // where to go on behind the brackets that are being written
        int i = 0, end = text.Length;
        while (true)
        {
            if (i >= end)
            {
                if (!outer.TryPop(out var behind)) return result.ToString();
                (i, end) = behind;
            }
            else if (brackets.KindAt(i) == BracketKind.Text)
            {
                if (text[i] == '\\' && i + 1 < end) result.Append(text[i++]);
                result.Append(text[i++]);
            }
            else
            {
                outer.Push((brackets.EndOf(i), end));
                (i, int length) = Chosen(brackets, i, step, steps).GetOffsetAndLength(text.Length);
                end = i + length;
            }
        }
    }

    private static Range Chosen(ScheduleBrackets brackets, int open, int step, (int Run, int Before) steps)
    {
        if (brackets.KindAt(open) == BracketKind.Switch)
        {
            var (before, after) = brackets.SidesOf(open);
            return step <= brackets.StepOf(open).LastBefore(steps.Run, steps.Before) ? before : after;
        }
        Range[] options = [.. brackets.OptionsOf(open)];
        return options[(step - 1) % options.Length];
    }
}
