using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Darkroom.Storage.Tests.Sqlite;

/// <summary>An end and what it adds to its account are one transaction; a database of before there was usage gets it.</summary>
public sealed class SqliteUsageTransactionTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private static readonly UsageQuery All = new(DateOnly.MinValue, DateOnly.MaxValue);

    [Theory]
    [InlineData("INSERT ON usage_day")]
    [InlineData("UPDATE ON job")]
    public async Task Where_one_is_refused_neither_happened(string write)
    {
        using var folder = new DataFolder();
        using var store = SqliteJobStore.Open(folder.Path, TimeProvider.System);
        await store.AddAsync(Job.Admit("a", Requests.Plain, [], TimeProvider.System.GetUtcNow()), new AddTerms { MaxQueued = 9 }, Cancellation);
        Execute(folder, $"CREATE TRIGGER refusal BEFORE {write} BEGIN SELECT RAISE(ABORT, 'refused'); END");
        await Assert.ThrowsAsync<StoreException>(() => CancelAsync(store));
        Assert.Equal(JobState.Queued, (await store.FindAsync("a", Cancellation))!.State);
        Assert.Empty(await store.UsageAsync(All, Cancellation));

        Execute(folder, "DROP TRIGGER refusal");
        Assert.IsType<CommitOutcome.Committed>(await CancelAsync(store));
        Assert.Equal(1, Assert.Single(await store.UsageAsync(All, Cancellation)).Counts.Cancelled);
    }

    [Fact]
    public async Task Database_of_version_1_begins_to_count()
    {
        using var folder = new DataFolder();
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Fixtures", "version-1.db"), folder.Database);
        using var store = SqliteJobStore.Open(folder.Path, TimeProvider.System);
        Assert.Empty(await store.UsageAsync(All, Cancellation));
        Assert.Equal(JobSpending.None, (await store.FindAsync("done", Cancellation))!.Spending);
        Assert.IsType<CommitOutcome.Committed>(await store.CommitAsync("waits", null, new JobCommand.Cancel(), Cancellation));
        Assert.Equal(1, Assert.Single(await store.UsageAsync(All, Cancellation)).Counts.Cancelled);
    }

    private static Task<CommitOutcome> CancelAsync(SqliteJobStore store) => store.CommitAsync("a", null, new JobCommand.Cancel(), Cancellation).AsTask();

    private static void Execute(DataFolder folder, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={folder.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
