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
        var added = await store.AddAsync(PictureFormat.Webp, bytes, Cancellation);
        var found = (await store.FindAsync(added.Id, Cancellation))!;
        Assert.Equal((32, PictureFormat.Webp, Convert.ToHexStringLower(SHA256.HashData(bytes))), (found.Id.Length, found.Format, found.Sha256));
        Assert.Equal(bytes, found.Bytes.ToArray());
        Assert.Null(await store.FindAsync("0", Cancellation));
    }

    [Fact]
    public async Task Oldest_pictures_go_first_when_memory_is_short_and_the_newest_always_stays()
    {
        var store = new MemoryArtifactStore(new RandomIds(), 100);
        var first = await store.AddAsync(PictureFormat.Png, new byte[60], Cancellation);
        var second = await store.AddAsync(PictureFormat.Png, new byte[60], Cancellation);
        Assert.Null(await store.FindAsync(first.Id, Cancellation));
        Assert.NotNull(await store.FindAsync(second.Id, Cancellation));
        var huge = await store.AddAsync(PictureFormat.Png, new byte[500], Cancellation);
        Assert.NotNull(await store.FindAsync(huge.Id, Cancellation));
        Assert.Null(await store.FindAsync(second.Id, Cancellation));
    }
}
