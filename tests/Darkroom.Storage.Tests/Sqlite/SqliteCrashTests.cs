using System.Diagnostics;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Darkroom.Storage.Tests.Sqlite;

/// <summary>A process that is killed at any moment: what it answered is there. The other process is this program again, told by its environment.</summary>
public sealed class SqliteCrashTests
{
    private const string FolderVariable = "DARKROOM_STORE_CHILD";
    private static readonly AddTerms Terms = new() { MaxQueued = 1_000_000 };
    private static readonly GenerationRequest Told = Requests.Plain with { Webhook = new("https://a.example/hook", JobEnds.All) };
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_job_that_was_answered_outlives_a_kill_at_any_moment()
    {
        using var folder = new DataFolder();
        var random = new Random(20261129);
        var answered = new HashSet<string>();
        var ended = new HashSet<string>();
        for (int round = 0; round < 4; round++)
        {
            using var child = Start(folder);
            int patience = random.Next(5, 400);
            while (await child.StandardOutput.ReadLineAsync(Cancellation) is { } line)
            {
                if (line.StartsWith("added ", StringComparison.Ordinal)) answered.Add(line[6..]);
                if (line.StartsWith("ended ", StringComparison.Ordinal)) ended.Add(line[6..]);
                if (--patience == 0) child.Kill();
            }
            await child.WaitForExitAsync(Cancellation);
            Assert.True(patience <= 0, "The other process ended by itself.");

            using var store = SqliteJobStore.Open(folder.Path, TimeProvider.System);
            foreach (string id in answered) Assert.True(await store.FindAsync(id, Cancellation) is not null, $"Job {id} is lost.");
            foreach (string id in ended) Assert.True((await store.FindAsync(id, Cancellation))!.IsFinished, $"The end of job {id} is lost.");
            await store.RecoverAsync(new JobOwner($"round {round}", TimeSpan.FromMinutes(1)), maxCrashes: 9, Cancellation);
            Assert.Empty((await store.ListAsync(new JobQuery(JobState.Running, 9), Cancellation)).Jobs);
        }
        Assert.Equal("ok", Check(folder));
    }

    [Fact]
    public async Task Killed_at_any_moment_there_is_an_entry_of_the_outbox_for_every_end_and_none_without()
    {
        using var folder = new DataFolder();
        var random = new Random(17);
        var ended = new HashSet<string>();
        for (int round = 0; round < 3; round++)
        {
            using var child = Start(folder);
            int patience = random.Next(5, 400);
            while (await child.StandardOutput.ReadLineAsync(Cancellation) is { } line)
            {
                if (line.StartsWith("ended ", StringComparison.Ordinal)) ended.Add(line[6..]);
                if (--patience == 0) child.Kill();
            }
            await child.WaitForExitAsync(Cancellation);
        }
        using var store = SqliteJobStore.Open(folder.Path, TimeProvider.System);
        var told = new List<string>();
        while (await store.TakeAsync([], TimeSpan.FromMinutes(1), Cancellation) is { } taken) told.Add(taken.Job.Id);
        Assert.NotEmpty(ended);
        Assert.Empty(ended.Except(told));
        Assert.Equal((await store.ListAsync(new JobQuery(JobState.Failed, 1_000_000), Cancellation)).Jobs.Select(job => job.Id).Order(), told.Order());
    }

    [Fact]
    public async Task Another_process_is_refused_while_one_lives_and_may_when_it_was_killed()
    {
        using var folder = new DataFolder();
        using var child = Start(folder);
        while (await child.StandardOutput.ReadLineAsync(Cancellation) is { } line && !line.StartsWith("added ", StringComparison.Ordinal)) ;
        Assert.Equal(StoreFault.InUse, Assert.Throws<StoreException>(() => SqliteJobStore.Open(folder.Path, TimeProvider.System)).Fault);
        child.Kill();
        await child.WaitForExitAsync(Cancellation);
        SqliteJobStore.Open(folder.Path, TimeProvider.System).Dispose();
    }

    /// <summary>The other process: it adds, claims and ends jobs, and says so after each answer, until it is killed.</summary>
    [Fact]
    public async Task Child()
    {
        string? folder = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.SkipWhen(folder is null, "It is another test's child.");
        var owner = new JobOwner($"{Environment.ProcessId}", TimeSpan.FromMinutes(1));
        using var store = SqliteJobStore.Open(folder!, TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(client => Task.Run(async () =>
        {
            for (int i = 0; i < 100_000; i++)
            {
                string id = $"{Environment.ProcessId}.{client}.{i}";
                if (await store.AddAsync(Job.Admit(id, Told, [], DateTimeOffset.UtcNow), Terms, default) is not AddOutcome.Added) return;
                Console.Out.WriteLine($"added {id}");
                if (i % 3 == 0) continue;
                var job = (await store.ClaimAsync([id], owner, default))[0];
                if (i % 3 == 1) continue;
                await store.CommitAsync(id, job.Attempt, new JobCommand.Fail(new(JobFailureKind.Internal, "x")), default);
                Console.Out.WriteLine($"ended {id}");
            }
        })));
    }

    private static Process Start(DataFolder folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-method", $"{typeof(SqliteCrashTests).FullName}.{nameof(Child)}", "-noLogo"])
        {
            RedirectStandardOutput = true,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Insert(0, typeof(SqliteCrashTests).Assembly.Location);
        start.Environment[FolderVariable] = folder.Path;
        return Process.Start(start)!;
    }

    private static string? Check(DataFolder folder)
    {
        using var connection = new SqliteConnection($"Data Source={folder.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        return command.ExecuteScalar() as string;
    }
}
