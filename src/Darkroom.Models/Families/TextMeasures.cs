using Darkroom.Models.Text;

namespace Darkroom.Models.Families;

/// <summary>Measures texts by the tokenizers of an opened model.</summary>
internal static class TextMeasures
{
    // More words than a chunk of any encoder has room for.
    private static readonly string Long = string.Join(' ', Enumerable.Repeat("a", 1200));

    /// <summary>
    /// The longest of some texts as each encoder of an opened model reads them. Textual inversions are not looked for: their names count as words.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="texts">At least one.</param>
    /// <param name="reading">How they are read.</param>
    /// <returns>One for each of the model's text encoders, in its order; none for a model without any.</returns>
    public static IReadOnlyList<TextMeasure> OfLongest(IDiffusionModel model, IEnumerable<string> texts, TextReading reading)
    {
        ArgumentNullException.ThrowIfNull(model);
        // Alone each: texts that are tokenized together are padded to one length.
        var empty = Read("", TextReading.Plain);
        var full = Read(Long, TextReading.Plain);
        var read = texts.Select(text => Read(text, reading)).ToList();
        return [.. Enumerable.Range(0, empty.Count).Select(encoder =>
        {
            // What follows a text is this id to the end, and what an empty text has beside it are marks.
            int padding = empty[encoder].Ids[^1], marks = LengthOf(empty[encoder].IdsOf(0).Span, padding);
            int room = LengthOf(full[encoder].IdsOf(0).Span, padding) - marks;
            return read.Select(text => Of(text[encoder], padding, marks, room)).MaxBy(measure => measure.Tokens)!;
        })];

        IReadOnlyList<TextTokens> Read(string text, TextReading way) => model.Tokenize([new PromptText(text)], way)[0].Encoders;
    }

    private static TextMeasure Of(TextTokens text, int padding, int marks, int room)
    {
        int[] lengths = [.. Enumerable.Range(0, text.Chunks).Select(chunk => LengthOf(text.IdsOf(chunk).Span, padding) - marks)];
        return new(lengths.Sum(), room, Math.Max(1, Array.FindLastIndex(lengths, length => length > 0) + 1), text.Dropped);
    }

    private static int LengthOf(ReadOnlySpan<int> ids, int padding) => ids.LastIndexOfAnyExcept(padding) + 1;
}
