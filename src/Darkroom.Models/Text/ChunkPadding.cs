namespace Darkroom.Models.Text;

/// <summary>
/// Makes the texts of one row equally long, since their lanes share a call of the denoiser: empty chunks are added behind the shorter ones, as
/// A1111 does. Texts of other rows have no say in it: a neighbour must not change a picture.
/// </summary>
public static class ChunkPadding
{
    /// <summary>Result i is text i with as many chunks as the longest has.</summary>
    /// <param name="texts">The texts that a row reads at any of its steps.</param>
    /// <param name="empty">The empty text, of one chunk.</param>
    public static IReadOnlyList<TextTokens> PadToSameLength(IReadOnlyList<TextTokens> texts, TextTokens empty)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(empty);
        return PadTo(texts.Select(text => text.Chunks).DefaultIfEmpty(0).Max(), texts, empty);
    }

    /// <summary>Result i is text i with so many chunks, which none of them exceeds.</summary>
    public static IReadOnlyList<TextTokens> PadTo(int chunks, IReadOnlyList<TextTokens> texts, TextTokens empty)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return [.. texts.Select(text => Pad(text, empty, chunks))];
    }

    private static TextTokens Pad(TextTokens text, TextTokens empty, int chunks)
    {
        int missing = chunks - text.Chunks;
        if (missing == 0) return text;
        return text with
        {
            Ids = [.. text.Ids, .. Enumerable.Repeat(empty.Ids, missing).SelectMany(ids => ids)],
            Chunks = chunks,
            Weights = text.Weights is null ? null : [.. text.Weights, .. Enumerable.Repeat(1f, missing * empty.Ids.Length)],
        };
    }
}
