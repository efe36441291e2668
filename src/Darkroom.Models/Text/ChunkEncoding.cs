namespace Darkroom.Models.Text;

/// <summary>Encodes texts of several chunks with an encoder that knows chunks alone.</summary>
internal static class ChunkEncoding
{
    /// <summary>Chunks of one call of the encoder at most: the memory of a call does not grow with the longest prompt.</summary>
    public const int MaxChunks = 32;

    /// <summary>What an encoder makes of chunks, all of one length.</summary>
    public delegate IReadOnlyList<EncodedText> Encoder(IReadOnlyList<ReadOnlyMemory<int>> chunks);

    /// <summary>Result i has the hidden states of text i, weights applied: its n chunks of S tokens along the first axis. // [n S, D]</summary>
    public static IReadOnlyList<EncodedText> Run(IReadOnlyList<TextTokens> texts, Encoder encoder)
    {
        var chunks = texts.SelectMany(text => Enumerable.Range(0, text.Chunks).Select(text.IdsOf)).ToArray();
        var encoded = chunks.Chunk(MaxChunks).SelectMany(call => encoder(call)).ToArray();
        var results = new EncodedText[texts.Count];
        for (int i = 0, first = 0; i < results.Length; first += texts[i++].Chunks)
            results[i] = Join(texts[i], encoded.AsSpan(first, texts[i].Chunks));
        return results;
    }

    private static EncodedText Join(TextTokens text, ReadOnlySpan<EncodedText> chunks)
    {
        for (int chunk = 0; chunk < chunks.Length; chunk++)
            Emphasis.Apply(chunks[chunk].Values, text.WeightsOf(chunk)); // [S, D]
        if (chunks.Length == 1) return chunks[0];
        int length = chunks[0].Values.Length;
        var values = new float[chunks.Length * length];
        for (int chunk = 0; chunk < chunks.Length; chunk++)
            chunks[chunk].Values.CopyTo(values, chunk * length);
        return new([chunks.Length * chunks[0].Shape[0], .. chunks[0].Shape[1..]], values) { Pooled = chunks[0].Pooled };
    }
}
