namespace Darkroom.Models.Text;

/// <summary>
/// What those ids of a text mean that no vocabulary has: vectors of textual inversions. Ids are given in the order in which inversions first stand in the text,
/// n for an inversion of n vectors, as diffusers does when they are loaded in that order. Not changed once the text is read.
/// </summary>
/// <param name="encoder">The text encoder, by its place in the model.</param>
/// <param name="endIsPooled">See <see cref="EndIsPooled"/>.</param>
public sealed class TokenVectors(int encoder, bool endIsPooled)
{
    /// <summary>The first of these ids. Ids of vocabularies are below.</summary>
    public const int FirstId = 1 << BytePairEncoding.IdBits;

    private readonly List<(PromptEmbedding Embedding, int First)> embeddings = [];
    private int count;

    /// <summary>
    /// Whether the vector of the whole text is taken where the text ends, as A1111 and ComfyUI do. Else encoders that look for the greatest id find it here, as
    /// diffusers' do with the published configurations of SDXL: there the vector is taken at the inversion's last one.
    /// </summary>
    public bool EndIsPooled => endIsPooled;

    /// <summary>The ids of an inversion, which then belongs to the text.</summary>
    internal IEnumerable<int> IdsOf(PromptEmbedding embedding)
    {
        int known = embeddings.FindIndex(one => one.Embedding.Hash == embedding.Hash);
        if (known < 0)
        {
            known = embeddings.Count;
            embeddings.Add((embedding, FirstId + count));
            count += embedding.Count;
        }
        return Enumerable.Range(embeddings[known].First, embedding.Count);
    }

    /// <summary>Whether an id is one of these.</summary>
    public static bool Has(int id) => id >= FirstId;

    /// <summary>Whether a text has any.</summary>
    public static bool AreIn(ReadOnlySpan<int> ids) => ids.ContainsAnyInRange(FirstId, int.MaxValue);

    /// <summary>The vector of an id. // [C]</summary>
    public ReadOnlySpan<float> Of(int id)
    {
        var (embedding, first) = Find(id);
        float[] vectors = embedding.Vectors[encoder];
        int width = vectors.Length / embedding.Count;
        return vectors.AsSpan((id - first) * width, width);
    }

    /// <summary>The id that the encoder's graph is given where a vector stands: only how texts are searched for their end depends on it.</summary>
    public int GraphIdOf(int id) => endIsPooled && Has(id) ? 0 : id;

    /// <summary>For a text that people read: the name, once for the vectors that follow each other.</summary>
    /// <param name="previous">The id before it.</param>
    internal string NameOf(int id, int previous)
    {
        var (embedding, first) = Find(id);
        return id > first && previous == id - 1 ? "" : $"<{embedding.Names.Id}> ";
    }

    /// <summary>Whether ids mean the same here and there.</summary>
    public static bool AreSame(TokenVectors? one, TokenVectors? other) => ReferenceEquals(one, other)
        || (one is not null && other is not null && one.EndIsPooled == other.EndIsPooled
            && one.embeddings.Select(entry => entry.Embedding.Hash).SequenceEqual(other.embeddings.Select(entry => entry.Embedding.Hash)));

    private (PromptEmbedding Embedding, int First) Find(int id)
    {
        foreach (var entry in embeddings)
            if (id >= entry.First && id < entry.First + entry.Embedding.Count) return entry;
        throw new ArgumentOutOfRangeException(nameof(id), id, "Not an id of this text's inversions.");
    }
}

/// <summary>A chunk as an encoder's graph takes it.</summary>
/// <param name="Ids">Token ids. // [S]</param>
/// <param name="Vectors">What those mean that no vocabulary has; null: there are none.</param>
public readonly record struct TokenChunk(ReadOnlyMemory<int> Ids, TokenVectors? Vectors = null)
{
    public static implicit operator TokenChunk(int[] ids) => new(ids);
}
