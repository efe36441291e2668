using System.Runtime.CompilerServices;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Postgres;
using Darkroom.Storage.Tests.Contract;
using Darkroom.TestKit.Databases;
using Npgsql;

namespace Darkroom.Storage.Tests.Postgres;

/// <summary>The store in PostgreSQL keeps the contract, on a real server.</summary>
public sealed class PostgresStore : IStoreUnderTest
{
    private static readonly ConditionalWeakTable<IJobStore, (string Schema, TimeProvider Time)[]> Opened = [];
    private static int schemas;

    public bool OutlivesProcess => true;

    public bool IsExclusive => false;

    public IJobStore Open(TimeProvider time)
    {
        string schema = $"test_{Interlocked.Increment(ref schemas)}";
        using var connection = new NpgsqlConnection(PostgresServer.Shared.ConnectionString());
        connection.Open();
        using var command = new NpgsqlCommand($"CREATE SCHEMA {schema}", connection);
        command.ExecuteNonQuery();
        return Open(schema, time);
    }

    public IJobStore Reopen(IJobStore store)
    {
        Assert.True(Opened.TryGetValue(store, out var opened));
        Close(store);
        return Open(opened[0].Schema, opened[0].Time);
    }

    public void Close(IJobStore store) => ((PostgresJobStore)store).DisposeAsync().AsTask().GetAwaiter().GetResult();

    public IUsageBook UsageOf(IJobStore store) => ((PostgresJobStore)store).Usage;

    /// <summary>The same jobs, as another process has them beside the first.</summary>
    public static PostgresJobStore Beside(IJobStore store)
    {
        Assert.True(Opened.TryGetValue(store, out var opened));
        return (PostgresJobStore)Open(opened[0].Schema, opened[0].Time);
    }

    private static IJobStore Open(string schema, TimeProvider time)
    {
        var options = new PostgresOptions { ConnectionString = PostgresServer.Shared.ConnectionString(schema), Now = time.GetUtcNow };
        var store = PostgresJobStore.OpenAsync(options, TimeProvider.System, CancellationToken.None).GetAwaiter().GetResult();
        Opened.Add(store, [(schema, time)]);
        return store;
    }
}

public sealed class PostgresQueueTests : QueueContract<PostgresStore>;

public sealed class PostgresLimitTests : LimitContract<PostgresStore>;

public sealed class PostgresKeyTests : KeyContract<PostgresStore>;

public sealed class PostgresClaimTests : ClaimContract<PostgresStore>;

public sealed class PostgresCommitTests : CommitContract<PostgresStore>;

public sealed class PostgresEventTests : EventContract<PostgresStore>;

public sealed class PostgresListTests : ListContract<PostgresStore>;

public sealed class PostgresRemovalTests : RemovalContract<PostgresStore>;

public sealed class PostgresOperatorTests : OperatorContract<PostgresStore>;

public sealed class PostgresOutboxTests : OutboxContract<PostgresStore>;

public sealed class PostgresUsageTests : UsageContract<PostgresStore>;

public sealed class PostgresRaceTests : RaceContract<PostgresStore>;
