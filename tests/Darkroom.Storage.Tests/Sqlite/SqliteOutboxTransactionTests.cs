using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Darkroom.Storage.Tests.Sqlite;

/// <summary>An end and its entry in the outbox are one transaction: where the one cannot be written, the other is not.</summary>
public sealed class SqliteOutboxTransactionTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("INSERT ON outbox")]
    [InlineData("UPDATE ON job")]
    public async Task Where_one_is_refused_neither_happened(string write)
    {
        using var folder = new DataFolder();
        using var store = SqliteJobStore.Open(folder.Path, TimeProvider.System);
        var request = Requests.Plain with { Webhook = new("https://a.example/hook", JobEnds.All) };
        await store.AddAsync(Job.Admit("a", request, [], DateTimeOffset.UtcNow), new AddTerms { MaxQueued = 9 }, Cancellation);

        Execute(folder, $"CREATE TRIGGER refusal BEFORE {write} BEGIN SELECT RAISE(ABORT, 'refused'); END");
        await Assert.ThrowsAsync<StoreException>(() => CancelAsync(store));
        Assert.Equal(JobState.Queued, (await store.FindAsync("a", Cancellation))!.State);
        Assert.Null(await store.TakeAsync([], TimeSpan.FromMinutes(1), Cancellation));

        Execute(folder, "DROP TRIGGER refusal");
        Assert.IsType<CommitOutcome.Committed>(await CancelAsync(store));
        Assert.Equal("a", (await store.TakeAsync([], TimeSpan.FromMinutes(1), Cancellation))?.Job.Id);
        Assert.Null(await store.TakeAsync([], TimeSpan.FromMinutes(1), Cancellation));
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
