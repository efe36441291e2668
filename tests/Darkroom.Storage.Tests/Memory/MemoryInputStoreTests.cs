using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Memory;

namespace Darkroom.Storage.Tests.Memory;

public sealed class MemoryInputStoreTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Full_store_refuses_the_new_and_never_drops_the_old()
    {
        var store = new MemoryInputStore(new RandomIds(), new InputMemory(100));
        string first = Assert.IsType<InputAdded.Stored>(await store.AddAsync(new byte[60], Cancellation)).Id;
        Assert.IsType<InputAdded.MemoryFull>(await store.AddAsync(new byte[60], Cancellation));
        Assert.Equal(60, (await store.FindAsync(first, Cancellation))!.Value.Length);
        await store.RemoveAsync(first, Cancellation);
        await store.RemoveAsync(first, Cancellation);
        Assert.IsType<InputAdded.Stored>(await store.AddAsync(new byte[100], Cancellation));
    }
}
