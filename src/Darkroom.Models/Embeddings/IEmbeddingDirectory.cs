namespace Darkroom.Models.Embeddings;

/// <summary>The textual inversions a server knows, as far as requests and lists may see them.</summary>
public interface IEmbeddingDirectory
{
    /// <summary>Every textual inversion, by id; those with a fault included.</summary>
    IReadOnlyList<EmbeddingDescription> All { get; }
}
