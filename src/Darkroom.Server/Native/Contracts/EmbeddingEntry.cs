using Darkroom.Models.Embeddings;
using Darkroom.Server.Wire;

namespace Darkroom.Server.Native.Contracts;

/// <summary>Textual inversions of this server.</summary>
/// <param name="Data">In the order of their ids.</param>
public sealed record EmbeddingList(IReadOnlyList<EmbeddingEntry> Data)
{
    /// <summary>What this is, as OpenAI's lists say it.</summary>
    [WireValue("list")]
    public string Object => "list";
}

/// <summary>One textual inversion.</summary>
public sealed record EmbeddingEntry
{
    /// <summary>What requests call it; in a prompt <c>&lt;id&gt;</c>, or the bare id.</summary>
    public required string Id { get; init; }

    /// <summary>The same, as other lists call it.</summary>
    public required string Name { get; init; }

    /// <summary>The token that its file names, by which a prompt may name it, too; absent where there is none.</summary>
    public string? Token { get; init; }

    /// <summary>Vectors, which take a token each.</summary>
    public required int Vectors { get; init; }

    /// <summary>Channels of a vector for each text encoder of the models that it is for.</summary>
    public required IReadOnlyList<int> Widths { get; init; }

    /// <summary>The models that it seems to be for; absent where it does not tell.</summary>
    public string? Base { get; init; }

    /// <summary>Models of this server that it fits.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>SHA-256 of its file; absent where that cannot be read.</summary>
    public string? Hash { get; init; }

    /// <summary>Length of its file, in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>When its file was written.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Why it cannot be used; absent where it can.</summary>
    public string? Reason { get; init; }

    /// <summary>What this is, as OpenAI's lists say it.</summary>
    [WireValue("embedding")]
    public string Object => "embedding";

    internal static EmbeddingEntry Of(EmbeddingDescription one, IEnumerable<string> models) => new()
    {
        Id = one.Id,
        Name = one.Id,
        Token = one.Token,
        Vectors = one.Vectors,
        Widths = one.Widths,
        Base = one.Base,
        Models = [.. models],
        Hash = one.Hash,
        Bytes = one.Bytes,
        CreatedAt = one.Created,
        Reason = one.Fault,
    };
}
