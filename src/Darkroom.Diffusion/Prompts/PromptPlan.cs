namespace Darkroom.Diffusion.Prompts;

/// <summary>
/// What a row's prompts say at each of its steps, worked out once from the request: plain immutable data, fit to be stored.
/// </summary>
/// <remarks>
/// A row turns every entry of <see cref="Texts"/> into tokens (weighted text for <see cref="Weighted"/>, text as it stands for <see cref="Plain"/>),
/// pads them to one length, has each encoded once, and asks at each step which of them its lanes read:
/// <code>
/// var now = plan.At(call.Step);                                 // no allocation
/// lanes[0].Conditioning = encoded[now.Negative!.Value];         // where there is one
/// for (int k = 0; k &lt; now.Parts.Count; k++)
///     lanes[k + 1].Conditioning = encoded[now.Parts[k].Text];
/// // with the answers of all lanes:
/// if (plan.IsComposed) result = uncond + Σ scale · now.Parts[k].Weight · (cond[k] − uncond)   // ComposedGuidance; scale 1 where guidance is off
/// else if (guided)     result = uncond + scale · (cond − uncond)                              // ClassifierFreeGuidance
/// else                 result = cond
/// </code>
/// The number of parts is the same at every step, and so are the lanes: a row's memory does not change on its way.
/// </remarks>
/// <param name="Texts">The different texts in it, each once.</param>
/// <param name="Ranges">Ranges of steps without gaps, from step 0 on; two neighbours differ.</param>
public sealed record PromptPlan(IReadOnlyList<string> Texts, IReadOnlyList<PromptRange> Ranges)
{
    /// <summary>Parts of a prompt at most: each of them is an evaluation at every step. From the 16th on, <c>AND</c> is text.</summary>
    public const int MaxParts = 16;

    /// <summary>Whether guidance sums over weighted parts. Then the negative lane is needed at every step, with and without guidance.</summary>
    public bool IsComposed => Ranges[0].Parts is not [{ Weight: 1 }];

    /// <summary>Lanes of guidance: one for each part, and one for the negative prompt where it is read.</summary>
    public int Lanes => Ranges[0].Parts.Count + (Ranges[0].Negative is null ? 0 : 1);

    /// <summary>What is read at a step.</summary>
    /// <param name="step">From 0; steps behind the last read what the last did.</param>
    public PromptRange At(int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        int range = 0;
        while (range < Ranges.Count - 1 && step >= Ranges[range].End) range++;
        return Ranges[range];
    }

    /// <summary>One part, the text as it stands.</summary>
    /// <param name="prompt">Any text.</param>
    /// <param name="negative">The negative prompt; null where no step is guided.</param>
    /// <param name="steps">At least 1.</param>
    public static PromptPlan Plain(string prompt, string? negative, int steps) =>
        Join(negative is null ? null : [new(steps, negative)], [(1, [new(steps, prompt)])], steps);

    /// <summary>Several texts as they stand, each the part of a lane of its own.</summary>
    /// <param name="texts">At least one.</param>
    /// <param name="steps">At least 1.</param>
    public static PromptPlan SideBySide(IReadOnlyList<string> texts, int steps) => Join(null, [.. texts.Select(text => (1.0, Always(text, steps)))], steps);

    /// <summary>
    /// A1111's language: first composition, then the schedule of each part; attention is read when the texts are turned into tokens. A negative prompt
    /// may have schedules and attention, but is never composed: there <c>AND</c> and a weight behind a colon are text, as in A1111.
    /// </summary>
    /// <param name="prompt">Any text.</param>
    /// <param name="negative">The negative prompt.</param>
    /// <param name="steps">
    /// What shares such as 0.5 are taken of, at least 1. Step i, from 0, is step i + 1 of the language: <c>[a:b:8]</c> reads a in eight steps, as
    /// documented. (A1111 itself counts calls of the network and reads a once more.)
    /// </param>
    /// <param name="guided">Whether any step is guided. If not, the negative prompt is dropped unless the prompt is composed.</param>
    /// <param name="before">Steps of a pass before this one; 0: there is none. See <see cref="PromptSchedule.Parse"/>.</param>
    public static PromptPlan Weighted(string prompt, string negative, int steps, bool guided = true, int before = 0)
    {
        var parts = PromptComposition.Parse(prompt, MaxParts);
        bool reads = guided || parts is not [{ Weight: 1 }];
        return Join(
            reads ? PromptSchedule.Parse(negative, steps, before) : null,
            [.. parts.Select(part => (part.Weight, PromptSchedule.Parse(part.Text, steps, before)))],
            steps);
    }

    private static IReadOnlyList<ScheduledText> Always(string text, int steps) => [new(steps, text)];

    private static PromptPlan Join(
        IReadOnlyList<ScheduledText>? negative, IReadOnlyList<(double Weight, IReadOnlyList<ScheduledText> Schedule)> parts, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        var texts = new List<string>();
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var ranges = new List<PromptRange>();
        var schedules = parts.Select(part => part.Schedule).Concat(negative is null ? [] : [negative]);
        foreach (int end in schedules.SelectMany(schedule => schedule).Select(entry => entry.LastStep).Distinct().Order())
        {
            var range = new PromptRange(
                end,
                negative is null ? null : NumberOf(negative, end),
                [.. parts.Select(part => new PromptPart(NumberOf(part.Schedule, end), part.Weight))]);
            if (ranges.Count > 0 && ranges[^1].ReadsAs(range)) ranges.RemoveAt(ranges.Count - 1);
            ranges.Add(range);
        }
        return new(texts, ranges);

        int NumberOf(IReadOnlyList<ScheduledText> schedule, int step)
        {
            string text = schedule.First(entry => step <= entry.LastStep).Text;
            if (numbers.TryAdd(text, texts.Count)) texts.Add(text);
            return numbers[text];
        }
    }
}
