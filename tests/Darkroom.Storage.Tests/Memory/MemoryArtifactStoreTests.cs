using System.Security.Cryptography;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;
using Darkroom.Storage.Memory;

namespace Darkroom.Storage.Tests.Memory;

public sealed class MemoryArtifactStoreTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stored_picture_comes_back_with_its_hash_under_an_id_of_128_bits()
    {
        var store = new MemoryArtifactStore(new RandomIds(), 1000);
        byte[] bytes = [1, 2, 3];
        var added = await store.AddAsync("job", PictureFormat.Webp, bytes, Cancellation);
        var found = (await store.FindAsync(added.Id, Cancellation))!;
        Assert.Equal((32, PictureFormat.Webp, Convert.ToHexStringLower(SHA256.HashData(bytes))), (found.Id.Length, found.Format, found.Sha256));
        Assert.Equal(bytes, found.Bytes.ToArray());
        Assert.Null(await store.FindAsync("0", Cancellation));
        Assert.False(await store.WasHereAsync("0", Cancellation));
    }

    [Fact]
    public async Task Oldest_pictures_go_first_when_memory_is_short_and_the_newest_always_stays()
    {
        var store = new MemoryArtifactStore(new RandomIds(), 100);
        string first = await AddAsync(store, 60), second = await AddAsync(store, 60);
        Assert.Null(await store.FindAsync(first, Cancellation));
        Assert.True(await store.WasHereAsync(first, Cancellation));
        Assert.NotNull(await store.FindAsync(second, Cancellation));
        string huge = await AddAsync(store, 500);
        Assert.NotNull(await store.FindAsync(huge, Cancellation));
        Assert.Null(await store.FindAsync(second, Cancellation));
    }

    [Fact]
    public async Task What_is_held_stays_whatever_comes_and_goes_when_the_last_hold_ends()
    {
        var store = new MemoryArtifactStore(new RandomIds(), 100);
        IDisposable job = store.Hold("job"), answer = store.Hold("job");
        string[] made = [await AddAsync(store, 60, "job"), await AddAsync(store, 60, "job"), await AddAsync(store, 30, "job")];
        string other = await AddAsync(store, 90);
        Assert.Equal(made[..1], await store.NotKeptAsync(made, Cancellation));
        job.Dispose();
        job.Dispose(); // once counts
        foreach (string id in (string[])[.. made, other]) Assert.NotNull(await store.FindAsync(id, Cancellation));
        answer.Dispose();
        foreach (string id in (string[])[made[0], other]) Assert.True(await store.WasHereAsync(id, Cancellation));
        foreach (string id in made[1..]) Assert.NotNull(await store.FindAsync(id, Cancellation));
        Assert.Equal(made[..1], await store.NotKeptAsync(made, Cancellation));
    }

    [Fact]
    public async Task Pictures_that_others_drove_out_are_not_kept()
    {
        var store = new MemoryArtifactStore(new RandomIds(), 100);
        string[] made = [await AddAsync(store, 40), await AddAsync(store, 40)];
        Assert.Empty(await store.NotKeptAsync(made, Cancellation));
        await AddAsync(store, 50);
        Assert.Equal(made[..1], await store.NotKeptAsync(made, Cancellation));
    }

    private static async Task<string> AddAsync(MemoryArtifactStore store, int bytes, string job = "nobody's") =>
        (await store.AddAsync(job, PictureFormat.Png, new byte[bytes], Cancellation)).Id;
}
