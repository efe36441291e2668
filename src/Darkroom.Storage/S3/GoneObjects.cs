using Darkroom.Storage.Keeping;

namespace Darkroom.Storage.S3;

/// <summary>
/// Empty objects <c>gone/{id}</c> for pictures that went, so that their addresses say on every server that they are no longer kept. After a week they go
/// themselves.
/// </summary>
internal sealed class GoneObjects(S3Bucket bucket, TimeProvider time)
{
    /// <summary>How long an address says that its picture went; later it answers as one that never was.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(7);

    private const string Prefix = "gone/";
    private static readonly TimeSpan TidyInterval = TimeSpan.FromHours(12);

    private readonly GoneMarks known = new(10_000); // what this process need not write or ask again
    private long tidiedAt;

    /// <summary>Marks pictures as gone.</summary>
    public Task AddAsync(IEnumerable<string> ids, CancellationToken cancellation) => Parallel.ForEachAsync(
        ids.Where(id => !known.Contains(id)), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellation },
        async (id, token) =>
        {
            await bucket.PutAsync(Prefix + id, default, token);
            known.Add(id);
        });

    public async ValueTask<bool> ContainsAsync(string id, CancellationToken cancellation) =>
        known.Contains(id) || await bucket.FirstAsync(Prefix + id, cancellation) is not null;

    /// <summary>Removes marks that are too old; at most twice a day, since it reads the whole list.</summary>
    public async ValueTask TidyAsync(CancellationToken cancellation)
    {
        if (tidiedAt != 0 && time.GetElapsedTime(tidiedAt) < TidyInterval) return;
        var before = time.GetUtcNow() - Memory;
        var old = await bucket.ListAsync(Prefix, cancellation).Where(mark => mark.WrittenAt < before).Select(mark => mark.Key).ToListAsync(cancellation);
        await bucket.DeleteAsync(old, cancellation);
        // Previews go with their jobs; what a process left that died goes here.
        var looks = await bucket.ListAsync(S3PreviewFiles.Prefix, cancellation).Where(look => look.WrittenAt < before).Select(look => look.Key)
            .ToListAsync(cancellation);
        await bucket.DeleteAsync(looks, cancellation);
        tidiedAt = time.GetTimestamp();
    }
}
