namespace Darkroom.Models.Text;

/// <summary>A text as one encoder reads it: token ids in chunks of the encoder's length, and a weight for each of them.</summary>
/// <param name="Ids">n chunks one after another, each with start, text, end and padding.</param>
public sealed record TextTokens(int[] Ids)
{
    /// <summary>n.</summary>
    public int Chunks { get; init; } = 1;

    /// <summary>One weight an id; null: all are 1.</summary>
    public float[]? Weights { get; init; }

    /// <summary>
    /// Ids of the chunk that weights turn away from: a token of weight w becomes e + w·(s − e), with its state s and the state e at its place of this chunk
    /// (ComfyUI). Null: weights multiply states, and each chunk keeps its mean (A1111).
    /// </summary>
    public int[]? Neutral { get; init; }

    /// <summary>What those ids mean that no vocabulary has; null: there are none.</summary>
    public TokenVectors? Vectors { get; init; }

    /// <summary>Last layers of the text encoder left out, 0 to what its graph allows.</summary>
    public int ClipSkip { get; init; }

    /// <summary>What did not fit, as text; null where all of it did.</summary>
    public string? Dropped { get; init; }

    /// <summary>Chunks that are encoded: the text's own, then the one that its weights turn away from, where there is one.</summary>
    public int Encoded => Chunks + (Neutral is null ? 0 : 1);

    /// <summary>Ids of each chunk.</summary>
    public int ChunkLength => Ids.Length / Chunks;

    /// <summary>Texts of equal signatures share a call of their encoder.</summary>
    public string Signature => $"tokens[{Ids.Length}] skip {ClipSkip}";

    /// <summary>A chunk as a text of its own, without weights: those are applied to what the encoder makes of it.</summary>
    public TextTokens Chunk(int chunk) => new(IdsOf(chunk).ToArray()) { ClipSkip = ClipSkip, Vectors = VectorsOf(chunk) };

    public ReadOnlyMemory<int> IdsOf(int chunk) => chunk == Chunks ? Neutral : Ids.AsMemory(chunk * ChunkLength, ChunkLength);

    /// <summary>What a chunk's ids mean that no vocabulary has; null: there are none.</summary>
    public TokenVectors? VectorsOf(int chunk) => Vectors is not null && TokenVectors.AreIn(IdsOf(chunk).Span) ? Vectors : null;

    /// <summary>Weights of a chunk's tokens; empty: all are 1.</summary>
    public ReadOnlySpan<float> WeightsOf(int chunk) => Weights is null ? [] : Weights.AsSpan(chunk * ChunkLength, ChunkLength);

    /// <summary>Whether it reads the same: ids and what they mean, weights and layers.</summary>
    public bool ReadsAs(TextTokens other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return ClipSkip == other.ClipSkip && Chunks == other.Chunks && Ids.AsSpan().SequenceEqual(other.Ids) && Weights.AsSpan().SequenceEqual(other.Weights)
            && Neutral is null == other.Neutral is null && TokenVectors.AreSame(Vectors, other.Vectors);
    }
}
