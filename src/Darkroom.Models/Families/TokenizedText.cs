namespace Darkroom.Models.Families;

/// <summary>A text as token ids in chunks of the encoder's length, and a weight for each of them.</summary>
/// <param name="Ids">n chunks one after another, each with start, text, end and padding.</param>
/// <param name="Dropped">What did not fit, as text; null where all of it did.</param>
public sealed record TokenizedText(int[] Ids, string? Dropped)
{
    /// <summary>n.</summary>
    public int Chunks { get; init; } = 1;

    /// <summary>One weight an id; null: all are 1.</summary>
    public float[]? Weights { get; init; }

    /// <summary>Last layers of the text encoder left out, 0 to the model's <see cref="Catalog.ModelCapabilities.MaxClipSkip"/>.</summary>
    public int ClipSkip { get; init; }

    /// <summary>Ids of each chunk.</summary>
    public int ChunkLength => Ids.Length / Chunks;

    public ReadOnlyMemory<int> IdsOf(int chunk) => Ids.AsMemory(chunk * ChunkLength, ChunkLength);

    /// <summary>Whether it reads the same: ids, weights and layers.</summary>
    public bool ReadsAs(TokenizedText other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return ClipSkip == other.ClipSkip && Chunks == other.Chunks && Ids.AsSpan().SequenceEqual(other.Ids) && Weights.AsSpan().SequenceEqual(other.Weights);
    }

    /// <summary>Weights of a chunk's tokens; empty: all are 1.</summary>
    public ReadOnlySpan<float> WeightsOf(int chunk) => Weights is null ? [] : Weights.AsSpan(chunk * ChunkLength, ChunkLength);
}

/// <summary>How a text is read.</summary>
public enum TextReading
{
    /// <summary>As it stands, cut at the encoder's length.</summary>
    Plain,

    /// <summary>A1111's attention syntax, in as many chunks as it needs.</summary>
    Weighted,
}
