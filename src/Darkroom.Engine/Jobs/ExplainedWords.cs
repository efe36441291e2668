using Darkroom.Diffusion.Prompts;

namespace Darkroom.Engine.Jobs;

/// <summary>The words of a prompt, without what its language adds to them.</summary>
public static class ExplainedWords
{
    /// <summary>Every word in order, those of all parts and of all times of a schedule.</summary>
    public static IReadOnlyList<string> Of(string prompt, PromptStyle style) =>
        [.. Texts(prompt, style).SelectMany(text => PromptWords.Of(string.Join(' ', PiecesOf(text, style))))];

    // Whatever step an alternative is read at, it is a word of the prompt: of a schedule any number of steps shows all but those between.
    private static IEnumerable<string> Texts(string prompt, PromptStyle style) => style != PromptStyle.Weighted ? [prompt]
        : PromptComposition.Parse(prompt, PromptPlan.MaxParts)
            .SelectMany(part => PromptSchedule.Parse(part.Text, ScheduleSteps)).Select(entry => entry.Text).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> PiecesOf(string text, PromptStyle style) => style switch
    {
        PromptStyle.Weighted => PromptAttention.Parse(text).Where(piece => !piece.IsBreak).Select(piece => piece.Text),
        PromptStyle.Comfyui => ComfyAttention.Parse(text).Select(piece => piece.Text),
        _ => [text],
    };

    private const int ScheduleSteps = 1000;
}
