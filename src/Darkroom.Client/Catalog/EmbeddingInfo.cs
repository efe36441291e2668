namespace Darkroom.Client.Catalog;

/// <summary>A textual inversion.</summary>
public sealed record EmbeddingInfo
{
    /// <summary>What requests call it; in a prompt <c>&lt;id&gt;</c>, or the bare id.</summary>
    public required string Id { get; init; }

    /// <summary>The same, as other lists call it.</summary>
    public required string Name { get; init; }

    /// <summary>The token that its file names, by which a prompt may name it, too; null where there is none.</summary>
    public string? Token { get; init; }

    /// <summary>Vectors, which take a token each.</summary>
    public required int Vectors { get; init; }

    /// <summary>Channels of a vector for each text encoder of the models that it is for.</summary>
    public required IReadOnlyList<int> Widths { get; init; }

    /// <summary>The models that it seems to be for; null where it does not tell.</summary>
    public string? Base { get; init; }

    /// <summary>Models of this server that it fits.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>SHA-256 of its file; null where that cannot be read.</summary>
    public string? Hash { get; init; }

    /// <summary>Length of its file.</summary>
    public required long Bytes { get; init; }

    /// <summary>When its file was written, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Why it cannot be used; null where it can.</summary>
    public string? Reason { get; init; }
}
