using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Postgres;
using Darkroom.TestKit.Databases;
using Npgsql;

namespace Darkroom.Storage.Tests.Postgres;

/// <summary>A schema of an earlier version is brought to this one's, with its jobs.</summary>
public sealed class PostgresMigrationTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Schema_of_version_1_begins_to_count_usage()
    {
        await ExecuteAsync(null, "CREATE SCHEMA version_1");
        await using (var first = await OpenAsync())
            await first.AddAsync(Job.Admit("a", Sqlite.Requests.Plain with { Caller = "key:x" }, [], TimeProvider.System.GetUtcNow()),
                new AddTerms { MaxQueued = 9 }, Cancellation);
        // What a later version added is taken out again: nothing else differs.
        await ExecuteAsync("version_1", "DROP TABLE usage_day; DROP TABLE usage_entry; DROP TABLE secret; UPDATE meta SET schema = 1");

        await using var store = await OpenAsync();
        Assert.IsType<CommitOutcome.Committed>(await store.CommitAsync("a", null, new JobCommand.Cancel(), Cancellation));
        var counted = Assert.Single(await store.Usage.UsageAsync(new UsageQuery(DateOnly.MinValue, DateOnly.MaxValue), Cancellation));
        Assert.Equal(("key:x", 1L), (counted.Account, counted.Counts.Cancelled));
    }

    private static Task<PostgresJobStore> OpenAsync() => PostgresJobStore.OpenAsync(
        new PostgresOptions { ConnectionString = PostgresServer.Shared.ConnectionString("version_1") }, TimeProvider.System, Cancellation);

    private static async Task ExecuteAsync(string? schema, string sql)
    {
        await using var connection = new NpgsqlConnection(PostgresServer.Shared.ConnectionString(schema));
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
