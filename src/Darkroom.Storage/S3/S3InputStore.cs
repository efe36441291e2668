using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Keeping;

namespace Darkroom.Storage.S3;

/// <summary>
/// Sent pictures as objects <c>inputs/{id}</c> of a bucket, so that whichever server runs the job has them. The id begins with the time, as UUIDs of version
/// 7 do: a list tells the age of all, and one request gets a file.
/// </summary>
public sealed class S3InputStore(S3Bucket bucket, IIdSource ids, TimeProvider time) : IInputStore
{
    private const string Prefix = "inputs/";

    /// <summary>Bytes that a read is given time for, since it does not know the length: the largest file that a request may send.</summary>
    private const long MaxLength = 32L << 20;

    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async ValueTask<InputAdded> AddAsync(ReadOnlyMemory<byte> file, CancellationToken cancellation)
    {
        string id = string.Concat(StoredTime.Of(time.GetUtcNow()), ids.Next().AsSpan(StoredTime.Digits)); // 80 bits stay random
        try
        {
            await bucket.PutAsync(Prefix + id, file, cancellation);
            return new InputAdded.Stored(id);
        }
        catch (StoreException full) when (full.Fault == StoreFault.Full)
        {
            return new InputAdded.DiskFull();
        }
    }

    public async ValueTask<ReadOnlyMemory<byte>?> FindAsync(string id, CancellationToken cancellation) =>
        StoredId.IsOne(id) ? await bucket.ReadWholeAsync(Prefix + id, MaxLength, cancellation) : null;

    public async ValueTask RemoveAsync(string id, CancellationToken cancellation)
    {
        if (StoredId.IsOne(id)) await bucket.DeleteAsync([Prefix + id], cancellation);
    }

    public IAsyncEnumerable<InputEntry> ListAsync(CancellationToken cancellation) =>
        bucket.ListAsync(Prefix, cancellation).Select(EntryOf).Where(entry => entry is not null).Select(entry => entry!);

    private static InputEntry? EntryOf(S3Entry entry) =>
        entry.Key[Prefix.Length..] is var id && StoredId.IsOne(id) && StoredTime.TryParse(id.AsSpan(0, StoredTime.Digits), out var writtenAt)
            ? new(id, writtenAt) : null;
}
