using Darkroom.Models.Families;

namespace Darkroom.Models.Text;

/// <summary>Encodes texts of several chunks with an encoder that knows chunks alone.</summary>
internal static class ChunkEncoding
{
    /// <summary>Chunks of one call of the encoder at most: the memory of a call does not grow with the longest prompt.</summary>
    public const int MostChunks = 32;

    /// <summary>Hidden states of chunks, all of one length.</summary>
    public delegate IReadOnlyList<(int[] Shape, float[] Values)> Encoder(IReadOnlyList<ReadOnlyMemory<int>> chunks);

    /// <summary>Result i has the hidden states of text i, weights applied: its n chunks of S tokens along the first axis. // [n S, D]</summary>
    public static IReadOnlyList<(int[] Shape, float[] Values)> Run(IReadOnlyList<TokenizedText> texts, Encoder encoder)
    {
        var chunks = texts.SelectMany(text => Enumerable.Range(0, text.Chunks).Select(text.IdsOf)).ToArray();
        var encoded = chunks.Chunk(MostChunks).SelectMany(call => encoder(call)).ToArray();
        var results = new (int[], float[])[texts.Count];
        for (int i = 0, first = 0; i < results.Length; first += texts[i++].Chunks)
            results[i] = Join(texts[i], encoded.AsSpan(first, texts[i].Chunks));
        return results;
    }

    private static (int[] Shape, float[] Values) Join(TokenizedText text, ReadOnlySpan<(int[] Shape, float[] Values)> chunks)
    {
        for (int chunk = 0; chunk < chunks.Length; chunk++)
            Emphasis.Apply(chunks[chunk].Values, text.WeightsOf(chunk)); // [S, D]
        if (chunks.Length == 1) return chunks[0];
        int length = chunks[0].Values.Length;
        var values = new float[chunks.Length * length];
        for (int chunk = 0; chunk < chunks.Length; chunk++)
            chunks[chunk].Values.CopyTo(values, chunk * length);
        return ([chunks.Length * chunks[0].Shape[0], .. chunks[0].Shape[1..]], values);
    }
}
