using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;
using Darkroom.Storage.Keeping;

namespace Darkroom.Storage.S3;

/// <summary>
/// Pictures as objects of a bucket, which several servers may share that share their jobs. Nothing is driven out for want of room: a server cannot know which
/// pictures another one is about to send. They go when they are removed.
/// </summary>
/// <remarks>No index could disagree with the bucket: every question is a list of a few keys (<see cref="PictureKey"/>).</remarks>
public sealed class S3ArtifactStore : IArtifactStore
{
    private readonly S3Bucket bucket;
    private readonly IIdSource ids;
    private readonly TimeProvider time;
    private readonly PictureSpool spool;
    private readonly GoneObjects gone;

    /// <param name="retention">From the end of a picture's job. The sweep removes them; the store says so to callers.</param>
    /// <param name="spool">Folder for large pictures while they are read.</param>
    public S3ArtifactStore(S3Bucket bucket, IIdSource ids, TimeProvider time, TimeSpan retention, string spool)
    {
        (this.bucket, this.ids, this.time) = (bucket, ids, time);
        this.spool = new(spool);
        gone = new(bucket, time);
        Retention = string.Create(CultureInfo.InvariantCulture,
            $"Pictures are kept in an object store for {retention.TotalHours:0.##} hours after their job ended, if it is not removed before; ")
            + "no limit of room drives them out (Darkroom:PictureDiskMiB does not count there).";
    }

    public string Retention { get; }

    /// <summary>Nothing goes here for want of room: there is nothing to hold.</summary>
    public IDisposable Hold(string job) => NoHold.Instance;

    /// <exception cref="ArgumentException">The job's id is none.</exception>
    /// <exception cref="StoreException">The store cannot be reached. What it may hold of the picture all the same belongs to no job, and is swept.</exception>
    public async ValueTask<ArtifactAdded> AddAsync(string job, PictureFormat format, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (!StoredId.IsOne(job)) throw new ArgumentException("An id of a job has 32 lower-case hex digits.", nameof(job));
        var picture = new Artifact(
            PictureKey.IdFor(job, ids.Next()), job, format, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes.Span)));
        try
        {
            await bucket.PutAsync(PictureKey.Of(picture, time.GetUtcNow()), bytes, cancellation); // every try has the same key
            return new ArtifactAdded.Stored(picture);
        }
        catch (StoreException full) when (full.Fault == StoreFault.Full)
        {
            return new ArtifactAdded.DiskFull();
        }
    }

    public async ValueTask<OpenArtifact?> OpenAsync(string id, CancellationToken cancellation)
    {
        if (!StoredId.IsOne(id) || await bucket.FirstAsync(PictureKey.PrefixOf(id), cancellation) is not { } entry
            || !PictureKey.TryParse(entry, out var picture, out _))
            return null;
        var content = spool.Open(picture.Length);
        try
        {
            bool there = await bucket.ReadAsync(
                entry.Key, picture.Length,
                async (source, token) =>
                {
                    content.Position = 0; // an earlier try may have broken off
                    await source.CopyToAsync(content, token);
                    if (content.Position != picture.Length) throw new EndOfStreamException("The object broke off.");
                    content.Position = 0;
                },
                cancellation);
            if (there) return new(picture, content);
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
        await content.DisposeAsync();
        return null; // it went in this moment
    }

    public async ValueTask<bool> WasHereAsync(string id, CancellationToken cancellation) =>
        StoredId.IsOne(id) && await gone.ContainsAsync(id, cancellation);

    /// <summary>A picture that somebody else removed is remembered from here on as one that was here.</summary>
    public async ValueTask<IReadOnlyList<string>> NotKeptAsync(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var there = await FindAsync(ids, cancellation);
        string[] lost = [.. ids.Where(id => !there.ContainsKey(id))];
        await gone.AddAsync(lost.Where(id => StoredId.IsOne(id)), cancellation);
        return lost;
    }

    public async ValueTask RemoveAsync(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ids);
        await RemoveAsync(await FindAsync(ids, cancellation), cancellation);
    }

    /// <summary>Those that other servers made are among them.</summary>
    public async ValueTask RemoveJobAsync(string job, CancellationToken cancellation)
    {
        if (StoredId.IsOne(job))
            await RemoveAsync(await FindAsync(PictureKey.GroupOf(job), picture => picture.Job == job, cancellation), cancellation);
    }

    public async IAsyncEnumerable<ArtifactEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var entry in bucket.ListAsync(PictureKey.All, cancellation))
            if (PictureKey.TryParse(entry, out var picture, out var writtenAt)) yield return new(picture.Id, picture.Job, writtenAt);
    }

    public ValueTask TidyAsync(CancellationToken cancellation) => gone.TidyAsync(cancellation);

    /// <summary>Keys of those that are there, by id: one list for the pictures of each job.</summary>
    private async Task<Dictionary<string, string>> FindAsync(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var group in ids.Where(id => StoredId.IsOne(id)).Distinct(StringComparer.Ordinal).GroupBy(PictureKey.GroupOf, StringComparer.Ordinal))
        {
            var wanted = group.ToHashSet(StringComparer.Ordinal);
            string prefix = wanted.Count == 1 ? PictureKey.PrefixOf(wanted.First()) : group.Key;
            foreach (var (id, key) in await FindAsync(prefix, picture => wanted.Contains(picture.Id), cancellation)) found[id] = key;
        }
        return found;
    }

    private async Task<Dictionary<string, string>> FindAsync(string prefix, Func<Artifact, bool> isWanted, CancellationToken cancellation)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var entry in bucket.ListAsync(prefix, cancellation))
            if (PictureKey.TryParse(entry, out var picture, out _) && isWanted(picture)) found[picture.Id] = entry.Key;
        return found;
    }

    private async Task RemoveAsync(Dictionary<string, string> pictures, CancellationToken cancellation)
    {
        await gone.AddAsync(pictures.Keys, cancellation); // before they go: a reader who misses one is told why
        await bucket.DeleteAsync(pictures.Values, cancellation);
    }

    private sealed class NoHold : IDisposable
    {
        public static readonly NoHold Instance = new();

        public void Dispose() { }
    }
}
