using Darkroom.Imaging;

namespace Darkroom.Engine.Artifacts;

/// <summary>A stored picture.</summary>
public sealed record Artifact(string Id, PictureFormat Format, ReadOnlyMemory<byte> Bytes, string Sha256)
{
    /// <summary>Id of the job that made it.</summary>
    public string Job { get; init; } = "";
}

/// <summary>Where pictures are kept. Ids are random, 128 bits; content never changes under an id.</summary>
public interface IArtifactStore
{
    /// <summary>How long pictures are kept and what the limit is, as a sentence for callers.</summary>
    string Retention { get; }

    /// <summary>
    /// Keeps all pictures of a job, those to come too, whatever the limit, until it is disposed of: an answer is written with what it holds. Several holds
    /// of one job add up.
    /// </summary>
    IDisposable Hold(string job);

    /// <summary>Stores a job's picture and returns its id and hash.</summary>
    ValueTask<Artifact> AddAsync(string job, PictureFormat format, ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>The picture, or null where the store does not hold it (any more).</summary>
    ValueTask<Artifact?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>Whether a picture that is not found was here once; a store may forget that after long.</summary>
    ValueTask<bool> WasHereAsync(string id, CancellationToken cancellation);

    /// <summary>Those of a job's pictures that are gone, or go as soon as nobody holds them.</summary>
    /// <param name="ids">The pictures, in the order in which they were made.</param>
    ValueTask<IReadOnlyList<string>> NotKeptAsync(IReadOnlyList<string> ids, CancellationToken cancellation);
}
