using Darkroom.Engine.Queue;
using Darkroom.Storage.Sqlite;
using Darkroom.Storage.Tests.Contract;

namespace Darkroom.Storage.Tests.Sqlite;

/// <summary>The store in SQLite keeps the contract.</summary>
public sealed class SqliteStore : IStoreUnderTest
{
    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<IJobStore, (DataFolder Folder, TimeProvider Time)[]> Opened = [];

    public bool OutlivesProcess => true;

    public bool IsExclusive => true;

    public IJobStore Open(TimeProvider time) => Open(new DataFolder(), time);

    public IJobStore Reopen(IJobStore store)
    {
        Assert.True(Opened.TryGetValue(store, out var opened));
        ((SqliteJobStore)store).Dispose();
        return Open(opened[0].Folder, opened[0].Time);
    }

    public void Close(IJobStore store)
    {
        ((SqliteJobStore)store).Dispose();
        if (Opened.TryGetValue(store, out var opened)) opened[0].Folder.Dispose();
    }

    private static SqliteJobStore Open(DataFolder folder, TimeProvider time)
    {
        var store = SqliteJobStore.Open(folder.Path, time);
        Opened.Add(store, [(folder, time)]);
        return store;
    }
}

public sealed class SqliteQueueTests : QueueContract<SqliteStore>;

public sealed class SqliteLimitTests : LimitContract<SqliteStore>;

public sealed class SqliteKeyTests : KeyContract<SqliteStore>;

public sealed class SqliteClaimTests : ClaimContract<SqliteStore>;

public sealed class SqliteCommitTests : CommitContract<SqliteStore>;

public sealed class SqliteEventTests : EventContract<SqliteStore>;

public sealed class SqliteListTests : ListContract<SqliteStore>;

public sealed class SqliteRemovalTests : RemovalContract<SqliteStore>;

public sealed class SqliteUsageTests : UsageContract<SqliteStore>;

public sealed class SqliteOperatorTests : OperatorContract<SqliteStore>;

public sealed class SqliteRaceTests : RaceContract<SqliteStore>;

public sealed class SqliteOutboxTests : OutboxContract<SqliteStore>;
