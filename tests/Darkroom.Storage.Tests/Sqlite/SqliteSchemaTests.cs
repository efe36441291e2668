using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Darkroom.Storage.Tests.Sqlite;

/// <summary>Databases of other versions, of other programs, and broken ones.</summary>
public sealed class SqliteSchemaTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Database_of_version_1_is_read()
    {
        using var folder = new DataFolder();
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Fixtures", "version-1.db"), folder.Database);
        using var store = SqliteJobStore.Open(folder.Path, TimeProvider.System);
        Assert.True(store.IsPaused);
        Assert.Equal(["urgent", "waits"], (await store.WaitingAsync(9, 0, Cancellation)).Select(job => job.Id));
        var urgent = (await store.FindAsync("urgent", Cancellation))!;
        Assert.Equal((JobPriority.High, 3, 60.0, "ann"), (urgent.Request.Priority, urgent.Request.Count, urgent.Request.Deadline, urgent.Request.Caller));
        Assert.Equal(["ran"], (await store.RecoverAsync(new JobOwner("next", TimeSpan.FromMinutes(1)), 2, Cancellation)).Select(job => job.Id));

        var done = (await store.FindAsync("done", Cancellation))!;
        Assert.Equal((JobState.Succeeded, 1, "a model's hash", 512), (done.State, done.Attempt, done.Result!.ModelHash, done.Result.Images[0].Width));
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 12, 0, 9, TimeSpan.Zero), done.FinishedAt);
        Assert.Equal(Diffusion.Guidance.GuidanceInterval.Whole, done.Request.GuidanceInterval);
        Assert.Equal(JobFailureKind.OutOfMemory, (await store.FindAsync("failed", Cancellation))!.Failure!.Kind);
        var events = new List<JobEventKind>();
        await foreach (var one in store.EventsAsync("done", 0, Cancellation)) events.Add(one.Kind);
        Assert.Equal([JobEventKind.Queued, JobEventKind.Started, JobEventKind.Progress, JobEventKind.Succeeded], events);
    }

    [Fact]
    public void Newer_schema_refuses_to_open_with_a_sentence_and_stays_as_it_is()
    {
        using var folder = new DataFolder();
        SqliteJobStore.Open(folder.Path, TimeProvider.System).Dispose();
        Execute(folder, "UPDATE meta SET schema = 99");
        var refused = Assert.Throws<StoreException>(() => SqliteJobStore.Open(folder.Path, TimeProvider.System));
        Assert.Equal(StoreFault.Newer, refused.Fault);
        Assert.Contains("99", refused.Message);
        Assert.Equal(1L, Execute(folder, "SELECT epoch FROM meta"));
    }

    [Fact]
    public void Another_programs_database_is_left_alone()
    {
        using var folder = new DataFolder();
        Execute(folder, "CREATE TABLE recipes (name TEXT)");
        Assert.Equal(StoreFault.Damaged, Assert.Throws<StoreException>(() => SqliteJobStore.Open(folder.Path, TimeProvider.System)).Fault);
        Assert.Equal(1L, Execute(folder, "SELECT count(*) FROM sqlite_master"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    public async Task Damaged_database_is_said_so_and_kept(int from)
    {
        using var folder = new DataFolder();
        using (var store = SqliteJobStore.Open(folder.Path, TimeProvider.System))
            for (int i = 0; i < 50; i++)
                await store.AddAsync(Job.Admit($"{i}", Requests.Plain, [], DateTimeOffset.UtcNow), new AddTerms { MaxQueued = 100 }, Cancellation);
        byte[] bytes = File.ReadAllBytes(folder.Database);
        new Random(1).NextBytes(bytes.AsSpan(from, 8192));
        File.WriteAllBytes(folder.Database, bytes);
        var refused = Assert.Throws<StoreException>(() => SqliteJobStore.Open(folder.Path, TimeProvider.System));
        Assert.Equal(StoreFault.Damaged, refused.Fault);
        Assert.Contains("jobs.db", refused.Message);
        Assert.DoesNotContain(folder.Path, refused.Message);
        Assert.Equal(bytes, File.ReadAllBytes(folder.Database));
    }

    [Fact]
    public async Task Row_that_cannot_be_read_names_its_job()
    {
        using var folder = new DataFolder();
        using (var store = SqliteJobStore.Open(folder.Path, TimeProvider.System))
            await store.AddAsync(Job.Admit("torn", Requests.Plain, [], DateTimeOffset.UtcNow), new AddTerms { MaxQueued = 100 }, Cancellation);
        Execute(folder, "UPDATE job SET request = substr(request, 1, 40)");
        Assert.Contains("job torn", Assert.Throws<StoreException>(() => SqliteJobStore.Open(folder.Path, TimeProvider.System)).Message);
    }

    private static object? Execute(DataFolder folder, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={folder.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
