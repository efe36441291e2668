namespace Darkroom.Diffusion.Prompts;

/// <summary>What a square bracket in a prompt is.</summary>
internal enum BracketKind : byte
{
    /// <summary>Text: it is never closed, or its inside is neither of the two below.</summary>
    Text,

    /// <summary><c>[after:8]</c> or <c>[before:after:8]</c>.</summary>
    Switch,

    /// <summary><c>[a|b|c]</c></summary>
    Turn,
}

/// <summary>When a switch happens, as it is written.</summary>
/// <param name="Number">A step, or a share of the steps.</param>
/// <param name="IsShare">Written with a point: 1.0 is all of the steps, 1 the first.</param>
internal readonly record struct SwitchStep(double Number, bool IsShare)
{
    /// <summary>The last step before the switch, counted from 1; 0 for one that comes before the first step.</summary>
    /// <param name="steps">Of this pass.</param>
    /// <param name="before">Of a pass before it; 0: there is none.</param>
    public int LastBefore(int steps, int before) =>
        (int)Math.Clamp(IsShare ? (Number - (before > 0 ? 1 : 0)) * steps : Number - before, 0, steps);
}

/// <summary>
/// Finds out what every bracket of a text is, in one sweep from the end to the start: what a bracket is depends only on what stands behind it, so
/// nothing is tried twice and nothing recurses, whatever the nesting. Linear time and memory.
/// </summary>
/// <remarks>
/// A sequence runs over escapes (<c>\x</c>), closed brackets and other signs. Between round brackets it ends at the first <c>)</c> that is left
/// over, between square ones at the first <c>: | ]</c>. The tables hold, for each position, where a sequence that starts there ends; the
/// text's length stands for never.
/// </remarks>
internal sealed class ScheduleBrackets
{
    private readonly string text;
    private readonly int[] stops;    // the first : | ] from here on
    private readonly int[] ends;     // of a closed round or square bracket that opens here: the position behind it; else 0
    private readonly BracketKind[] kinds;
    private readonly Dictionary<int, (SwitchStep Step, int End)> switches = []; // by the position of a colon before "number]"

    public ScheduleBrackets(string text)
    {
        this.text = text;
        int length = text.Length;
        stops = new int[length + 2];
        ends = new int[length];
        kinds = new BracketKind[length];
        int[] closes = new int[length + 2]; // the first ) from here on
        int[] turns = new int[length + 2];  // the ] that is reached over | alone
        foreach (int[] table in (int[][])[stops, closes, turns]) table.AsSpan(length).Fill(length);
        for (int i = length - 1; i >= 0; i--)
        {
            char sign = text[i];
            if (sign == ':') FindNumber(i);
            else if (sign == '[') ResolveSquare(i, turns);
            else if (sign == '(' && closes[i + 1] < length) ends[i] = closes[i + 1] + 1;
            int next = sign == '\\' ? i + 2 : ends[i] > 0 ? ends[i] : i + 1; // a backslash at the very end lands on a sentinel too
            closes[i] = sign == ')' ? i : closes[next];
            stops[i] = sign is ':' or '|' or ']' ? i : stops[next];
            turns[i] = sign switch { ']' => i, '|' => turns[i + 1], ':' => length, _ => turns[next] };
        }
    }

    public BracketKind KindAt(int position) => kinds[position];

    /// <summary>The position behind the bracket that opens here.</summary>
    public int EndOf(int position) => ends[position];

    /// <summary>When a switch happens.</summary>
    public SwitchStep StepOf(int position) => switches[ColonOf(position)].Step;

    /// <summary>What stands in the place of a switch until its step and from then on, as ranges of the text.</summary>
    public (Range Before, Range After) SidesOf(int position)
    {
        int first = stops[position + 1], last = ColonOf(position);
        return first == last ? (0..0, (position + 1)..last) : ((position + 1)..first, (first + 1)..last);
    }

    /// <summary>The options of a turn in order, as ranges of the text.</summary>
    public IEnumerable<Range> OptionsOf(int position)
    {
        for (int start = position + 1; start < ends[position]; start = stops[start] + 1)
            yield return start..stops[start];
    }

    private int ColonOf(int position)
    {
        int first = stops[position + 1];
        return switches.ContainsKey(first) ? first : stops[first + 1];
    }

    private void FindNumber(int colon)
    {
        int start = PromptSigns.SkipBlanks(text, colon + 1), end = start + PromptNumber.RunLength(text.AsSpan(start));
        int close = PromptSigns.SkipBlanks(text, end);
        if (close < text.Length && text[close] == ']' && PromptNumber.TryRead(text.AsSpan(start..end), exponent: true, out double value))
            switches[colon] = (new(value, text.AsSpan(start..end).Contains('.')), close + 1);
    }

    private void ResolveSquare(int open, int[] turns)
    {
        int length = text.Length, first = stops[open + 1];
        if (first == length) return;
        switch (text[first])
        {
            case ']':
                ends[open] = first + 1;
                break;
            case ':':
                int second = switches.ContainsKey(first) ? first : stops[first + 1];
                if (!switches.TryGetValue(second, out var number)) return;
                ends[open] = number.End;
                kinds[open] = BracketKind.Switch;
                break;
            case '|' when turns[first + 1] < length:
                ends[open] = turns[first + 1] + 1;
                kinds[open] = BracketKind.Turn;
                break;
        }
    }
}
