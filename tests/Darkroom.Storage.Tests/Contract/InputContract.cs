using System.Security.Cryptography;
using Darkroom.Engine.Artifacts;

namespace Darkroom.Storage.Tests.Contract;

/// <summary>What every store of sent files does.</summary>
public abstract class InputContract<TStore> : IDisposable where TStore : IPicturesUnderTest, new()
{
    private readonly TStore stores = new();

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected TestClock Clock { get; } = new(new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    public void Dispose()
    {
        stores.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Kept_file_comes_back_as_it_was_sent_until_it_is_let_go()
    {
        var store = stores.OpenInputs(Clock);
        byte[] file = RandomNumberGenerator.GetBytes(5000);
        string id = await AddAsync(store, file), other = await AddAsync(store, [1, 2, 3]);
        Assert.Equal(file, (await store.FindAsync(id, Cancellation))!.Value.ToArray());
        await store.RemoveAsync(id, Cancellation);
        await store.RemoveAsync(id, Cancellation);
        Assert.False((await store.FindAsync(id, Cancellation)).HasValue); // nothing, and not an empty file
        Assert.Equal([1, 2, 3], (await store.FindAsync(other, Cancellation))!.Value.ToArray());
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("")]
    [InlineData("../../../../../../etc/passwd")]
    [InlineData("000../../../../../../etc/passwd0")]
    [InlineData("/etc/passwd")]
    [InlineData("0123456789abcdef0123456789abcde*")]
    public async Task What_is_no_kept_id_is_nothing(string id)
    {
        var store = stores.OpenInputs(Clock);
        Assert.False((await store.FindAsync(id, Cancellation)).HasValue);
        await store.RemoveAsync(id, Cancellation);
    }

    [Fact]
    public async Task All_files_are_listed_with_their_times()
    {
        var store = stores.OpenInputs(Clock);
        var first = new InputEntry(await AddAsync(store, [1]), Clock.GetUtcNow());
        Clock.Move(TimeSpan.FromHours(1));
        var second = new InputEntry(await AddAsync(store, [2]), Clock.GetUtcNow());
        var listed = await store.ListAsync(Cancellation).OrderBy(entry => entry.WrittenAt).ToListAsync(Cancellation);
        Assert.Equal([first, second], listed);
    }

    [Fact]
    public async Task Next_process_finds_kept_files()
    {
        if (!stores.OutlivesProcess) return;
        string id = await AddAsync(stores.OpenInputs(Clock), [1, 2, 3]);
        Assert.Equal([1, 2, 3], (await stores.OpenInputs(Clock).FindAsync(id, Cancellation))!.Value.ToArray());
    }

    private static async Task<string> AddAsync(IInputStore store, byte[] file) =>
        Assert.IsType<InputAdded.Stored>(await store.AddAsync(file, Cancellation)).Id;
}
