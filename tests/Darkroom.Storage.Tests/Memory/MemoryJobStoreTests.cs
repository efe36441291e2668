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

    public IJobStore Open(int maxQueued, TimeProvider time, int keptFinished) => new MemoryJobStore(maxQueued, time, keptFinished);
}

public sealed class MemoryQueueTests : QueueContract<MemoryStore>;

public sealed class MemoryClaimTests : ClaimContract<MemoryStore>;

public sealed class MemoryCommitTests : CommitContract<MemoryStore>;

public sealed class MemoryEventTests : EventContract<MemoryStore>;

public sealed class MemoryListTests : ListContract<MemoryStore>;

public sealed class MemoryRaceTests : RaceContract<MemoryStore>;
