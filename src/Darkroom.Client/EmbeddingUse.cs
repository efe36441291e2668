namespace Darkroom.Client;

/// <summary>A textual inversion that the prompts may name.</summary>
/// <param name="Id">From <see cref="DarkroomClient.ListEmbeddingsAsync"/>.</param>
public sealed record EmbeddingUse(string Id)
{
    /// <summary>SHA-256 of its file as it was when a picture was made before: where it has changed, the answer warns; null: not compared.</summary>
    public string? Hash { get; init; }

    /// <summary>One by its id.</summary>
    public static implicit operator EmbeddingUse(string id) => new(id);
}
