namespace Darkroom.Models.Text;

/// <summary>A textual inversion as tokenizers and text encoders take it (Gal et al. 2022): vectors that stand in a text in place of a token's.</summary>
/// <param name="Names">What it is called in a prompt.</param>
/// <param name="Hash">SHA-256 of its file: two of one hash are the same.</param>
/// <param name="Count">n vectors, which stand one behind the other.</param>
/// <param name="Vectors">For each text encoder of the models that it is for. // [n, C] each</param>
public sealed record PromptEmbedding(EmbeddingNames Names, string Hash, int Count, IReadOnlyList<float[]> Vectors);

/// <summary>The textual inversions that a request's texts may name.</summary>
public sealed class PromptEmbeddings
{
    private readonly NamesInText<PromptEmbedding> names;

    /// <param name="all">Those that may be named.</param>
    /// <param name="endIsPooled">See <see cref="TokenVectors.EndIsPooled"/>.</param>
    public PromptEmbeddings(IReadOnlyList<PromptEmbedding> all, bool endIsPooled)
    {
        ArgumentNullException.ThrowIfNull(all);
        names = new(all.Select(one => (one.Names, one)));
        EndIsPooled = endIsPooled;
    }

    internal bool EndIsPooled { get; }

    internal IReadOnlyList<NamedPart<PromptEmbedding>> Split(string text) => names.Split(text);
}
