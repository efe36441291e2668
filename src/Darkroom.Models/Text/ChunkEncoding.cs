namespace Darkroom.Models.Text;

/// <summary>Encodes texts of several chunks with an encoder that knows chunks alone.</summary>
internal static class ChunkEncoding
{
    /// <summary>Chunks of one call of the encoder at most: the memory of a call does not grow with the longest prompt.</summary>
    public const int MaxChunks = 32;

    /// <summary>What an encoder makes of chunks, all of one length.</summary>
    public delegate IReadOnlyList<EncodedText> Encoder(IReadOnlyList<TokenChunk> chunks);

    /// <summary>Result i has the hidden states of text i, weights applied: its n chunks of S tokens along the first axis. // [n S, D]</summary>
    public static IReadOnlyList<EncodedText> Run(IReadOnlyList<TextTokens> texts, Encoder encoder)
    {
        var chunks = texts.SelectMany(text => Enumerable.Range(0, text.Chunks)
            .Select(chunk => new TokenChunk(text.IdsOf(chunk), text.VectorsOf(chunk)))).ToArray();
        var encoded = chunks.Chunk(MaxChunks).SelectMany(call => encoder(call)).ToArray();
        var results = new EncodedText[texts.Count];
        for (int i = 0, first = 0; i < results.Length; first += texts[i++].Chunks)
        {
            var join = new TextJoin(texts[i]);
            for (int chunk = 0; chunk < texts[i].Chunks; chunk++) join.Add(chunk, encoded[first + chunk]);
            results[i] = join.Result;
        }
        return results;
    }
}
