namespace Darkroom.Models.Text;

/// <summary>A text's hidden states while its chunks are encoded, in any order and any number of calls: weights applied, chunks one after another.</summary>
public sealed class TextJoin(TextTokens text)
{
    private int left = text.Encoded;
    private int[] shape = []; // [S, D] of a chunk
    private float[] values = []; // [n S, D]
    private float[]? pooled;
    private float[] neutral = []; // what weights turn away from // [S, D]

    /// <summary>Whether every chunk was added.</summary>
    public bool IsComplete => left == 0;

    /// <summary>The whole text, when it is complete. // [n S, D]</summary>
    public EncodedText Result => IsComplete
        ? new([text.Chunks * shape[0], .. shape[1..]], values) { Pooled = pooled }
        : throw new InvalidOperationException($"{left} of {text.Encoded} chunks are missing.");

    /// <summary>Adds what an encoder made of a chunk, which stays as it is: other texts may have the same one. Each chunk once.</summary>
    public void Add(int chunk, EncodedText made)
    {
        ArgumentNullException.ThrowIfNull(made);
        shape = made.Shape;
        if (chunk == 0) pooled = made.Pooled;
        if (chunk == text.Chunks)
        {
            neutral = made.Values;
        }
        else if (text is { Chunks: 1, Weights: null })
        {
            values = made.Values;
        }
        else
        {
            int length = made.Values.Length;
            if (values.Length == 0) values = new float[text.Chunks * length];
            var own = values.AsSpan(chunk * length, length); // [S, D]
            made.Values.CopyTo(own);
            if (text.Neutral is null) Emphasis.Apply(own, text.WeightsOf(chunk));
        }
        if (--left > 0 || text.Neutral is null) return;
        for (int own = 0; own < text.Chunks; own++)
            Emphasis.TurnAway(values.AsSpan(own * neutral.Length, neutral.Length), neutral, text.WeightsOf(own));
    }
}
