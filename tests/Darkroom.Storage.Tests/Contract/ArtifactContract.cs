using System.Security.Cryptography;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;

namespace Darkroom.Storage.Tests.Contract;

/// <summary>What every store of pictures does.</summary>
public abstract class ArtifactContract<TStore> : IDisposable where TStore : IPicturesUnderTest, new()
{
    private const string Unknown = "0123456789abcdef0123456789abcdef";
    private readonly TStore stores = new();

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected TestClock Clock { get; } = new(new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    public void Dispose()
    {
        stores.Dispose();
        GC.SuppressFinalize(this);
    }

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
        if (!stores.OutlivesProcess) return;
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

    [Fact]
    public async Task Processes_of_one_store_see_each_others_pictures_and_removals()
    {
        if (!stores.OutlivesProcess) return;
        IArtifactStore here = Open(), there = Open();
        string id = await AddAsync(here, 10);
        Assert.False(await IsGoneAsync(there, id));
        Assert.Empty(await there.NotKeptAsync([id], Cancellation));
        await there.RemoveAsync([id], Cancellation);
        Assert.True(await IsGoneAsync(here, id));
        Assert.Equal([id], await here.NotKeptAsync([id], Cancellation));
    }

    protected static string NewJob() => new RandomIds().Next();

    protected IArtifactStore Open(long capacityBytes = 64 << 20) => stores.OpenPictures(capacityBytes, Clock);

    private static async Task<Artifact> AddAsync(IArtifactStore store, byte[] bytes, string? job = null, PictureFormat format = PictureFormat.Png) =>
        Assert.IsType<ArtifactAdded.Stored>(await store.AddAsync(job ?? NewJob(), format, bytes, Cancellation)).Artifact;

    private static async Task<string> AddAsync(IArtifactStore store, int bytes, string? job = null) => (await AddAsync(store, new byte[bytes], job)).Id;

    private static ValueTask<List<ArtifactEntry>> ListAsync(IArtifactStore store) => store.ListAsync(Cancellation).ToListAsync(Cancellation);

    /// <summary>A picture is there, or was here.</summary>
    private static async Task<bool> IsGoneAsync(IArtifactStore store, string id)
    {
        await using var open = await store.OpenAsync(id, Cancellation);
        Assert.Equal(open is null, await store.WasHereAsync(id, Cancellation));
        return open is null;
    }
}
