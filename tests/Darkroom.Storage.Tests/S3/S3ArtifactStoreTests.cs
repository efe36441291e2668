using System.Security.Cryptography;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;
using Darkroom.Storage.S3;
using Darkroom.TestKit;

namespace Darkroom.Storage.Tests.S3;

/// <summary>What only a store of objects has to do, several servers on one bucket above all.</summary>
public sealed class S3ArtifactStoreTests : IDisposable
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private readonly string name = S3Pictures.NewBucket(), job = new RandomIds().Next(), spool = Directory.CreateTempSubdirectory("darkroom-spool").FullName;
    private readonly List<S3Bucket> opened = [];

    public void Dispose()
    {
        opened.ForEach(bucket => bucket.Dispose());
        Directory.Delete(spool, recursive: true);
    }

    [Fact]
    public async Task A_missing_bucket_is_made_by_whoever_meets_it_first_though_many_do_at_once()
    {
        Assert.False(S3Server.Shared.HasBucket(name));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => AddAsync(Open(), job, 10)));
        Assert.Equal(5, await Open().ListAsync(Cancellation).CountAsync(Cancellation));
    }

    [Fact]
    public async Task A_purge_removes_what_other_servers_made_for_the_job_and_nothing_of_others()
    {
        S3ArtifactStore here = Open(), there = Open();
        string neighbour = job[..8] + new RandomIds().Next()[8..]; // its pictures' ids begin as the job's do
        string[] made = [await AddAsync(here, job, 10), await AddAsync(here, job, 10), await AddAsync(there, job, 10)];
        string others = await AddAsync(there, neighbour, 10);
        await here.RemoveJobAsync(job, Cancellation);
        Assert.Equal([others], await there.ListAsync(Cancellation).Select(entry => entry.Id).ToListAsync(Cancellation));
        foreach (string id in made) Assert.True(await there.WasHereAsync(id, Cancellation));
        Assert.Equal(made, await there.NotKeptAsync(made, Cancellation));
        Assert.Empty(await there.NotKeptAsync([others], Cancellation));
    }

    [Fact]
    public async Task Pictures_of_many_at_once_come_back_whole()
    {
        var store = Open();
        await Parallel.ForAsync(0, 40, Cancellation, async (_, _) =>
        {
            byte[] bytes = RandomNumberGenerator.GetBytes(20_000);
            string id = await AddAsync(store, new RandomIds().Next(), bytes);
            Assert.Equal(bytes, (await store.ReadAsync(id, Cancellation))!.Value.ToArray());
        });
        Assert.Equal(40, await store.ListAsync(Cancellation).CountAsync(Cancellation));
    }

    [Fact]
    public async Task Lists_longer_than_a_page_are_read_to_their_end()
    {
        var store = Open();
        await Parallel.ForAsync(0, 1100, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancellation },
            async (_, _) => await AddAsync(store, job, 1));
        var ids = await store.ListAsync(Cancellation).Select(entry => entry.Id).ToListAsync(Cancellation);
        Assert.Equal(1100, ids.Distinct().Count());
        Assert.Empty(await store.NotKeptAsync(ids, Cancellation)); // one list, since they are of one job
    }

    [Fact]
    public async Task Large_pictures_are_spooled_to_files_that_nobody_sees_and_that_are_gone_when_they_were_read()
    {
        var store = Open();
        byte[] bytes = RandomNumberGenerator.GetBytes((int)PictureSpool.MaxBytesInMemory + 1);
        string id = await AddAsync(store, job, bytes);
        await using (var open = (await store.OpenAsync(id, Cancellation))!)
        {
            Assert.IsType<FileStream>(open.Content);
            await store.RemoveAsync([id], Cancellation);
            byte[] part = new byte[1000];
            open.Content.Seek(-1000, SeekOrigin.End);
            await open.Content.ReadExactlyAsync(part, Cancellation);
            Assert.Equal(bytes[^1000..], part);
        }
        Assert.Empty(Directory.EnumerateFiles(spool));
    }

    [Fact]
    public void Small_pictures_are_held_in_memory_up_to_a_limit_of_all_together_and_given_back()
    {
        var pictures = new PictureSpool(spool);
        var open = Enumerable.Range(0, 16).Select(_ => pictures.Open(PictureSpool.MaxBytesInMemory)).ToList();
        Assert.All(open, one => Assert.IsType<MemoryStream>(one, exactMatch: false));
        Assert.Equal(PictureSpool.MaxBytesTogether, pictures.HeldBytes);
        using (var more = pictures.Open(1)) Assert.IsType<FileStream>(more);
        foreach (var one in open)
        {
            one.Dispose();
            one.Dispose();
        }
        Assert.Equal(0, pictures.HeldBytes);
    }

    [Fact]
    public async Task Marks_of_pictures_that_went_go_after_a_week()
    {
        var store = Open();
        string[] ids = [await AddAsync(store, job, 1), await AddAsync(store, job, 1)];
        await store.RemoveAsync(ids, Cancellation);
        await Open().TidyAsync(Cancellation);
        Assert.Equal(2, Marks());
        await Open(new Later(GoneObjects.Memory + TimeSpan.FromMinutes(1))).TidyAsync(Cancellation);
        Assert.Equal(0, Marks());
        Assert.False(await Open().WasHereAsync(ids[0], Cancellation));

        int Marks() => S3Server.Shared.KeysOf(name).Count(key => key.StartsWith("gone/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Objects_that_are_no_pictures_are_left_alone()
    {
        var store = Open();
        string id = await AddAsync(store, job, 1);
        await opened[0].PutAsync("pictures/readme.txt", new byte[] { 1 }, Cancellation);
        await opened[0].PutAsync($"pictures/{id[..8]}", new byte[] { 1 }, Cancellation);
        Assert.Equal([id], await store.ListAsync(Cancellation).Select(entry => entry.Id).ToListAsync(Cancellation));
        await store.RemoveJobAsync(job, Cancellation);
        Assert.Equal([$"gone/{id}", $"pictures/{id[..8]}", "pictures/readme.txt"], S3Server.Shared.KeysOf(name));
    }

    [Fact]
    public void Callers_are_told_how_long_pictures_are_kept() => Assert.Equal(
        "Pictures are kept in an object store for 24 hours after their job ended, if it is not removed before; "
        + "no limit of room drives them out (Darkroom:PictureDiskMiB does not count there).", Open().Retention);

    private S3ArtifactStore Open(TimeProvider? time = null)
    {
        var bucket = new S3Bucket(S3Pictures.Options(name), TimeProvider.System);
        opened.Add(bucket);
        return new(bucket, new RandomIds(), time ?? TimeProvider.System, TimeSpan.FromHours(24), spool);
    }

    private static Task<string> AddAsync(S3ArtifactStore store, string job, int length) => AddAsync(store, job, new byte[length]);

    private static async Task<string> AddAsync(S3ArtifactStore store, string job, byte[] bytes) =>
        Assert.IsType<ArtifactAdded.Stored>(await store.AddAsync(job, PictureFormat.Png, bytes, Cancellation)).Artifact.Id;

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
