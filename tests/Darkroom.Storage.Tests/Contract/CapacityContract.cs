using System.Security.Cryptography;
using Darkroom.Engine.Artifacts;

namespace Darkroom.Storage.Tests.Contract;

/// <summary>What every store of pictures does that has a limit of room.</summary>
public abstract class CapacityContract<TStore> : PictureContract<TStore> where TStore : IPicturesUnderTest, new()
{
    [Fact]
    public async Task Oldest_pictures_go_first_when_room_is_short_and_the_newest_always_stays()
    {
        var store = Open(100);
        string first = await AddAsync(store, 60), second = await AddAsync(store, 60);
        Assert.True(await IsGoneAsync(store, first));
        Assert.False(await IsGoneAsync(store, second));
        string huge = await AddAsync(store, 500);
        Assert.False(await IsGoneAsync(store, huge));
        Assert.True(await IsGoneAsync(store, second));
    }

    [Fact]
    public async Task What_is_held_stays_whatever_comes_and_goes_when_the_last_hold_ends()
    {
        var store = Open(100);
        string held = NewJob();
        IDisposable job = store.Hold(held), answer = store.Hold(held);
        string[] made = [await AddAsync(store, 60, held), await AddAsync(store, 60, held), await AddAsync(store, 30, held)];
        string other = await AddAsync(store, 90);
        Assert.Equal(made[..1], await store.NotKeptAsync(made, Cancellation));
        job.Dispose();
        job.Dispose(); // once counts
        foreach (string id in (string[])[.. made, other]) Assert.False(await IsGoneAsync(store, id));
        answer.Dispose();
        foreach (string id in (string[])[made[0], other]) Assert.True(await IsGoneAsync(store, id));
        foreach (string id in made[1..]) Assert.False(await IsGoneAsync(store, id));
        Assert.Equal(made[..1], await store.NotKeptAsync(made, Cancellation));
    }

    [Fact]
    public async Task Pictures_that_others_drove_out_are_not_kept()
    {
        var store = Open(100);
        string[] made = [await AddAsync(store, 40), await AddAsync(store, 40)];
        Assert.Empty(await store.NotKeptAsync(made, Cancellation));
        await AddAsync(store, 50);
        Assert.Equal(made[..1], await store.NotKeptAsync(made, Cancellation));
    }

    [Fact]
    public async Task Pictures_of_many_at_once_keep_to_the_limit_and_come_back_whole()
    {
        var store = Open(10_000);
        await Parallel.ForAsync(0, 60, Cancellation, async (i, _) =>
        {
            byte[] bytes = RandomNumberGenerator.GetBytes(1000);
            var added = await AddAsync(store, bytes);
            if (await store.ReadAsync(added.Id, Cancellation) is { } read) Assert.Equal(bytes, read.ToArray());
        });
        Assert.Equal(10, (await ListAsync(store)).Count);
    }

    [Fact]
    public async Task Next_process_finds_pictures_their_order_and_the_marks_of_those_that_went()
    {
        if (!Stores.OutlivesProcess) return;
        var before = Open(200);
        var ids = new List<string>();
        for (int i = 0; i < 5; i++)
        {
            ids.Add(await AddAsync(before, 50));
            Clock.Move(TimeSpan.FromSeconds(1));
        }
        var store = Open(200);
        Assert.True(await IsGoneAsync(store, ids[0]));
        Assert.Equal(50, (await store.ReadAsync(ids[1], Cancellation))!.Value.Length);
        await AddAsync(store, 100);
        foreach (string id in ids[1..3]) Assert.True(await IsGoneAsync(store, id));
        foreach (string id in ids[3..]) Assert.False(await IsGoneAsync(store, id));
    }
}
