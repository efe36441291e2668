using Darkroom.Engine.Queue;
using Darkroom.Storage.Memory;
using Darkroom.Storage.Tests.Contract;

namespace Darkroom.Storage.Tests.Memory;

/// <summary>The store in memory keeps the contract.</summary>
public sealed class MemoryStore : IStoreUnderTest
{
    public bool OutlivesProcess => false;

    public bool IsExclusive => false;

    public IJobStore Reopen(IJobStore store) => store;

    public IJobStore Open(TimeProvider time) => new MemoryJobStore(time);

    public void Close(IJobStore store)
    {
    }
}

public sealed class MemoryQueueTests : QueueContract<MemoryStore>;

public sealed class MemoryLimitTests : LimitContract<MemoryStore>;

public sealed class MemoryKeyTests : KeyContract<MemoryStore>;

public sealed class MemoryClaimTests : ClaimContract<MemoryStore>;

public sealed class MemoryCommitTests : CommitContract<MemoryStore>;

public sealed class MemoryEventTests : EventContract<MemoryStore>;

public sealed class MemoryListTests : ListContract<MemoryStore>;

public sealed class MemoryRemovalTests : RemovalContract<MemoryStore>;

public sealed class MemoryUsageTests : UsageContract<MemoryStore>;

public sealed class MemoryOperatorTests : OperatorContract<MemoryStore>;

public sealed class MemoryRaceTests : RaceContract<MemoryStore>;

public sealed class MemoryOutboxTests : OutboxContract<MemoryStore>;

public sealed class MemoryRetentionTests : StoreContract<MemoryStore>
{
    [Fact]
    public async Task Finished_jobs_are_forgotten_beyond_the_number_kept()
    {
        var store = new MemoryJobStore(Clock, keptFinished: 2);
        foreach (string id in new[] { "c", "b", "a" })
        {
            await AddAsync(store, id);
            await CommitAsync(store, id, null, Cancel);
        }
        Assert.Null(await store.FindAsync("c", Cancellation));
        Assert.NotNull(await store.FindAsync("a", Cancellation));
    }
}
