using System.Security.Cryptography;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;

namespace Darkroom.Storage.Tests.Contract;

/// <summary>What every store of pictures does.</summary>
public abstract class ArtifactContract<TStore> : PictureContract<TStore> where TStore : IPicturesUnderTest, new()
{
    private const string Unknown = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData(PictureFormat.Png)]
    [InlineData(PictureFormat.Jpeg)]
    [InlineData(PictureFormat.Webp)]
    public async Task Stored_picture_comes_back_as_it_was_under_an_id_of_128_bits(PictureFormat format)
    {
        var store = Open();
        string job = NewJob();
        byte[] bytes = RandomNumberGenerator.GetBytes(5000);
        var added = await AddAsync(store, bytes, job, format);
        Assert.Equal((32, job, format, 5000L, Convert.ToHexStringLower(SHA256.HashData(bytes))),
            (added.Id.Length, added.Job, added.Format, added.Length, added.Sha256));
        await using var open = (await store.OpenAsync(added.Id, Cancellation))!;
        Assert.Equal(added, open.Artifact);
        Assert.Equal(5000, open.Content.Length);
        Assert.Equal(bytes, (await store.ReadAsync(added.Id, Cancellation))!.Value.ToArray());
        open.Content.Seek(4000, SeekOrigin.Begin);
        byte[] part = new byte[1000];
        await open.Content.ReadExactlyAsync(part, Cancellation);
        Assert.Equal(bytes[4000..], part);
    }

    [Fact]
    public async Task Empty_picture_is_a_picture()
    {
        var store = Open();
        var added = await AddAsync(store, []);
        Assert.Equal(0, (await store.ReadAsync(added.Id, Cancellation))!.Value.Length);
    }

    [Theory]
    [InlineData(Unknown)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("..")]
    [InlineData("../../../../etc/passwd")]
    [InlineData("000../../../../../../etc/passwd0")]
    [InlineData("/etc/passwd")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("0123456789abcdef0123456789abcde*")]
    [InlineData("0123456789abcdef0123456789abcde\0")]
    [InlineData("tmp/89abcdef0123456789abcdef0123")]
    public async Task What_is_no_stored_id_is_nothing(string id)
    {
        var store = Open();
        await AddAsync(store, 10);
        Assert.Null(await store.OpenAsync(id, Cancellation));
        Assert.Null(await store.ReadAsync(id, Cancellation));
        Assert.False(await store.WasHereAsync(id, Cancellation));
        await store.RemoveAsync([id], Cancellation);
        await store.RemoveJobAsync(id, Cancellation);
        Assert.Equal([id], await store.NotKeptAsync([id], Cancellation));
        Assert.Single(await ListAsync(store));
    }

    [Fact]
    public async Task Picture_that_is_open_can_be_read_to_its_end_though_it_goes()
    {
        var store = Open();
        byte[] bytes = RandomNumberGenerator.GetBytes(300_000);
        var added = await AddAsync(store, bytes);
        await using var open = (await store.OpenAsync(added.Id, Cancellation))!;
        byte[] read = new byte[bytes.Length];
        await open.Content.ReadExactlyAsync(read.AsMemory(0, 1000), Cancellation);
        await store.RemoveAsync([added.Id], Cancellation);
        await open.Content.ReadExactlyAsync(read.AsMemory(1000), Cancellation);
        Assert.Equal(bytes, read);
    }

    [Fact]
    public async Task Removed_pictures_go_held_ones_too_and_give_their_room_back()
    {
        var store = Open(100);
        string job = NewJob();
        using var hold = store.Hold(job);
        string[] made = [await AddAsync(store, 60, job), await AddAsync(store, 60, job)];
        string other = await AddAsync(store, 60);
        await store.RemoveAsync([made[0], made[0], other, Unknown], Cancellation);
        Assert.True(await IsGoneAsync(store, made[0]));
        Assert.True(await IsGoneAsync(store, other));
        string[] after = [await AddAsync(store, 50), await AddAsync(store, 50)];
        foreach (string id in after) Assert.False(await IsGoneAsync(store, id));
        await store.RemoveJobAsync(job, Cancellation);
        Assert.True(await IsGoneAsync(store, made[1]));
        Assert.Equal(after.Order(), (await ListAsync(store)).Select(entry => entry.Id).Order());
    }

    [Fact]
    public async Task All_pictures_are_listed_with_their_jobs_and_times()
    {
        var store = Open();
        string job = NewJob();
        var expected = new List<ArtifactEntry>();
        for (int i = 0; i < 5; i++)
        {
            expected.Add(new(await AddAsync(store, 10, job), job, Clock.GetUtcNow()));
            Clock.Move(TimeSpan.FromMinutes(7));
        }
        Assert.Equal(expected.OrderBy(entry => entry.Id), (await ListAsync(store)).OrderBy(entry => entry.Id));
    }

    [Fact]
    public async Task Processes_of_one_store_see_each_others_pictures_and_removals()
    {
        if (!Stores.OutlivesProcess) return;
        IArtifactStore here = Open(), there = Open();
        string id = await AddAsync(here, 10);
        Assert.False(await IsGoneAsync(there, id));
        Assert.Empty(await there.NotKeptAsync([id], Cancellation));
        await there.RemoveAsync([id], Cancellation);
        Assert.True(await IsGoneAsync(here, id));
        Assert.Equal([id], await here.NotKeptAsync([id], Cancellation));
    }
}
