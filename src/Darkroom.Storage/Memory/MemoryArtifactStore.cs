using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;
using Darkroom.Storage.Keeping;

namespace Darkroom.Storage.Memory;

/// <summary>Pictures in this process's memory, bounded in bytes: the oldest go first. What is held for a job is not counted, and never goes.</summary>
public sealed class MemoryArtifactStore : IArtifactStore
{
    private readonly ConcurrentDictionary<string, StoredPicture> pictures = new(StringComparer.Ordinal);
    private readonly GoneMarks gone = new(10_000);
    private readonly IIdSource ids;
    private readonly TimeProvider time;
    private readonly PictureLedger ledger;

    /// <param name="capacityBytes">Of the pictures that nobody holds.</param>
    /// <param name="time">Null: the machine's.</param>
    public MemoryArtifactStore(IIdSource ids, long capacityBytes, TimeProvider? time = null)
    {
        (this.ids, this.time) = (ids, time ?? TimeProvider.System);
        ledger = new(capacityBytes, picture => Drop(picture.Id));
        Retention = string.Create(CultureInfo.InvariantCulture,
            $"Pictures are kept in memory until newer ones take their room: {Math.Max(1, capacityBytes >> 20)} MiB in all (Darkroom:PictureMemoryMiB).");
    }

    public string Retention { get; }

    public (long Bytes, long Limit)? Memory => (ledger.Bytes, ledger.CapacityBytes);

    public IDisposable Hold(string job) => ledger.Hold(job);

    public ValueTask<ArtifactAdded> AddAsync(string job, PictureFormat format, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var artifact = new Artifact(ids.Next(), job, format, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes.Span)));
        pictures[artifact.Id] = new(artifact, bytes, time.GetUtcNow());
        ledger.Add(new(artifact.Id, job, bytes.Length));
        return ValueTask.FromResult<ArtifactAdded>(new ArtifactAdded.Stored(artifact));
    }

    public ValueTask<OpenArtifact?> OpenAsync(string id, CancellationToken cancellation) =>
        ValueTask.FromResult(pictures.TryGetValue(id, out var picture) ? new OpenArtifact(picture.Artifact, HeldBytes.AsStream(picture.Bytes)) : null);

    public ValueTask<bool> WasHereAsync(string id, CancellationToken cancellation) => ValueTask.FromResult(gone.Contains(id));

    public ValueTask<IReadOnlyList<string>> NotKeptAsync(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return ValueTask.FromResult(ledger.NotKept(ids, ledger.LengthOf));
    }

    public ValueTask RemoveAsync(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ids);
        foreach (string id in ids)
        {
            ledger.Forget(id);
            Drop(id);
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveJobAsync(string job, CancellationToken cancellation) => RemoveAsync(ledger.OfJob(job), cancellation);

    public IAsyncEnumerable<ArtifactEntry> ListAsync(CancellationToken cancellation) =>
        pictures.Values.Select(picture => new ArtifactEntry(picture.Artifact.Id, picture.Artifact.Job, picture.WrittenAt)).ToAsyncEnumerable();

    private void Drop(string id)
    {
        if (!pictures.ContainsKey(id)) return;
        gone.Add(id); // before it goes: a reader who misses it is told why
        pictures.TryRemove(id, out _);
    }

    private sealed record StoredPicture(Artifact Artifact, ReadOnlyMemory<byte> Bytes, DateTimeOffset WrittenAt);
}
