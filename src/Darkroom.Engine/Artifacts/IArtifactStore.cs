using Darkroom.Imaging;

namespace Darkroom.Engine.Artifacts;

/// <summary>Where pictures are kept. Ids are random, 128 bits; content never changes under an id. What is no id is a picture that is not there.</summary>
public interface IArtifactStore
{
    /// <summary>How long pictures are kept and what the limit is, as a sentence for callers.</summary>
    string Retention { get; }

    /// <summary>What its pictures take of this process's memory, and may; null: they lie elsewhere.</summary>
    (long Bytes, long Limit)? Memory => null;

    /// <summary>
    /// Keeps all pictures of a job, those to come too, whatever the limit, until it is disposed of: an answer is written with what it holds. Several holds
    /// of one job add up. Holds are this process's, and end with it.
    /// </summary>
    IDisposable Hold(string job);

    /// <summary>Stores a job's picture: what is told to be stored is there after a power cut, as far as the store outlives the process at all.</summary>
    ValueTask<ArtifactAdded> AddAsync(string job, PictureFormat format, ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>The picture, to be read by the caller and disposed of; null where the store does not hold it (any more).</summary>
    ValueTask<OpenArtifact?> OpenAsync(string id, CancellationToken cancellation);

    /// <summary>Whether a picture that is not found was here once; a store may forget that after long.</summary>
    ValueTask<bool> WasHereAsync(string id, CancellationToken cancellation);

    /// <summary>Those of a job's pictures that are gone, or go as soon as nobody holds them.</summary>
    /// <param name="ids">The pictures, in the order in which they were made. They were here once: the store may learn from it which ones are lost.</param>
    ValueTask<IReadOnlyList<string>> NotKeptAsync(IReadOnlyList<string> ids, CancellationToken cancellation);

    /// <summary>Removes pictures, held ones too; ids of nothing are passed over.</summary>
    ValueTask RemoveAsync(IReadOnlyList<string> ids, CancellationToken cancellation);

    /// <summary>Removes all pictures of a job that this process knows of, held ones too: those that no answer names are among them.</summary>
    ValueTask RemoveJobAsync(string job, CancellationToken cancellation);

    /// <summary>All pictures that are there, in no order; one that comes or goes meanwhile may be missing.</summary>
    IAsyncEnumerable<ArtifactEntry> ListAsync(CancellationToken cancellation);

    /// <summary>Lets go what the store itself remembers of pictures that went, where that is too old; the sweep asks for it each time.</summary>
    ValueTask TidyAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
}
