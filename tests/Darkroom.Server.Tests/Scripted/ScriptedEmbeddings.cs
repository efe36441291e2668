using Darkroom.Models.Embeddings;

namespace Darkroom.Server.Tests.Scripted;

/// <summary>Textual inversions for the scripted models, one for others, and two that cannot be used.</summary>
internal sealed class ScriptedEmbeddings : IEmbeddingDirectory
{
    public const string Hash = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100";

    public IReadOnlyList<EmbeddingDescription> All { get; } =
    [
        new() { Id = "broken", FileName = "broken", Fault = "it has values in 'emb_params' that are not finite", Hash = Hash },
        new() { Id = "large", FileName = "large", Vectors = 2, Widths = [768, 1280], Hash = Hash },
        new() { Id = "old", FileName = "old", Fault = "it is a pickle" },
        new() { Id = "Three-Part", FileName = "Three-Part", Vectors = 3, Widths = [768], Hash = Hash, Bytes = 9280, Created = DateTimeOffset.UnixEpoch },
        new() { Id = "toys", FileName = "toys", Token = "<toy>", Vectors = 1, Widths = [768], Hash = Hash },
    ];
}
