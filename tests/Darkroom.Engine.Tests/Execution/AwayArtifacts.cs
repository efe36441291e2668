using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;
using Darkroom.Storage.Memory;

namespace Darkroom.Engine.Tests.Execution;

/// <summary>A store of pictures behind a network that is down while it is told so: what is read and written then fails as it does there.</summary>
internal sealed class AwayArtifacts : IArtifactStore
{
    private readonly MemoryArtifactStore store = new(new RandomIds(), 64 << 20);
    private int faults, stored;

    public bool IsAway { get; set; }

    /// <summary>Operations that failed.</summary>
    public int Faults => Volatile.Read(ref faults);

    /// <summary>Pictures that were stored.</summary>
    public int Stored => Volatile.Read(ref stored);

    public string Retention => store.Retention;

    public IDisposable Hold(string job) => store.Hold(job);

    public async ValueTask<ArtifactAdded> AddAsync(string job, PictureFormat format, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var added = await Up().AddAsync(job, format, bytes, cancellation);
        Interlocked.Increment(ref stored);
        return added;
    }

    public ValueTask<OpenArtifact?> OpenAsync(string id, CancellationToken cancellation) => Up().OpenAsync(id, cancellation);

    public ValueTask<bool> WasHereAsync(string id, CancellationToken cancellation) => Up().WasHereAsync(id, cancellation);

    public ValueTask<IReadOnlyList<string>> NotKeptAsync(IReadOnlyList<string> ids, CancellationToken cancellation) => Up().NotKeptAsync(ids, cancellation);

    public ValueTask RemoveAsync(IReadOnlyList<string> ids, CancellationToken cancellation) => Up().RemoveAsync(ids, cancellation);

    public ValueTask RemoveJobAsync(string job, CancellationToken cancellation) => Up().RemoveJobAsync(job, cancellation);

    public IAsyncEnumerable<ArtifactEntry> ListAsync(CancellationToken cancellation) => Up().ListAsync(cancellation);

    private MemoryArtifactStore Up()
    {
        if (!IsAway) return store;
        Interlocked.Increment(ref faults);
        throw new StoreException("The store cannot be reached.", StoreFault.Unavailable);
    }
}
