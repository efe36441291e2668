using Darkroom.Diffusion.Prompts;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Text;
using Darkroom.Server.Native.Contracts;

namespace Darkroom.Server.Native.Answers;

/// <summary>How a text is read: by the grammar of its style, and by the tokenizers of a model.</summary>
internal static class PromptReadings
{
    /// <param name="text">The text.</param>
    /// <param name="style">Its grammar.</param>
    /// <param name="steps">Steps that schedules in it are taken of.</param>
    /// <param name="isNegative">Whether it is a negative prompt: tags and <c>AND</c> are text there.</param>
    /// <param name="measure">Gives the longest of texts for each of the model's encoders; null where the model is not open.</param>
    public static PromptReading Of(
        string text, PromptStyle style, int steps, bool isNegative, Func<IEnumerable<string>, TextReading, IReadOnlyList<TextMeasure>?> measure)
    {
        IReadOnlyList<ExtraNetwork> tags = [];
        if (style == PromptStyle.Weighted && !isNegative) text = ExtraNetwork.Take(text, out tags);
        var parts = PartsOf(text, style, isNegative);
        (double Weight, IReadOnlyList<ScheduledText> Ranges)[] read =
            [.. parts.Select(part => (part.Weight, style == PromptStyle.Weighted ? PromptSchedule.Parse(part.Text, steps) : [new(steps, part.Text)]))];
        return new()
        {
            Encoders = measure(read.SelectMany(part => part.Ranges).Select(range => range.Text).Distinct(), ReadingOf(style))
                ?.Select(one => new EncoderTokens(one.Tokens, one.ChunkTokens, one.Chunks, one.Dropped)).ToList(),
            Parts = [.. read.Select(part => new PromptPartReading(part.Weight, [.. part.Ranges.Select(range => RangeOf(range, style))]))],
            Loras = [.. tags.Where(tag => tag.Kind != "hypernet").Select(tag => tag.Arguments)],
        };
    }

    private static IReadOnlyList<ComposedText> PartsOf(string text, PromptStyle style, bool isNegative) =>
        style == PromptStyle.Weighted && !isNegative ? PromptComposition.Parse(text, PromptPlan.MaxParts) : [new(text, 1)];

    private static PromptRangeReading RangeOf(ScheduledText range, PromptStyle style)
    {
        var pieces = style switch
        {
            PromptStyle.Weighted => PromptAttention.Parse(range.Text),
            PromptStyle.Comfyui => ComfyAttention.Parse(range.Text),
            _ => [new PromptPiece(range.Text, 1)],
        };
        bool breaks = style == PromptStyle.Weighted;
        return new(range.LastStep, [.. pieces.Select(piece => new PromptPieceReading(piece.Text, piece.Weight, breaks && piece.IsBreak))]);
    }

    private static TextReading ReadingOf(PromptStyle style) => style switch
    {
        PromptStyle.Weighted => TextReading.Weighted,
        PromptStyle.Comfyui => TextReading.Comfyui,
        _ => TextReading.Plain,
    };
}
