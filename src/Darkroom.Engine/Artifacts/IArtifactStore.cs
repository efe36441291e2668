using Darkroom.Imaging;

namespace Darkroom.Engine.Artifacts;

/// <summary>A stored picture.</summary>
public sealed record Artifact(string Id, PictureFormat Format, ReadOnlyMemory<byte> Bytes, string Sha256);

/// <summary>Where pictures are kept. Ids are random, 128 bits; content never changes under an id.</summary>
public interface IArtifactStore
{
    /// <summary>Stores a picture and returns its id and hash.</summary>
    ValueTask<Artifact> AddAsync(PictureFormat format, ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>The picture, or null where the store does not hold it (any more).</summary>
    ValueTask<Artifact?> FindAsync(string id, CancellationToken cancellation);
}
