using System.Diagnostics;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Darkroom.Storage.Tests.Sqlite;

/// <summary>A real disk that is full: a file system of 1 MiB in memory, where this process may mount one.</summary>
public sealed class SqliteDiskFullTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Full_disk_refuses_new_jobs_breaks_nothing_and_is_forgotten_when_there_is_room()
    {
        using var folder = new DataFolder();
        Assert.SkipUnless(OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.Path), "No file system can be mounted.");
        try
        {
            await FillAsync(folder);
        }
        finally
        {
            Run("umount", folder.Path);
        }
    }

    private static async Task FillAsync(DataFolder folder)
    {
        var kept = new List<string>();
        using (var store = SqliteJobStore.Open(folder.Path, TimeProvider.System))
        {
            for (int i = 0; ; i++)
            {
                Assert.InRange(i, 0, 200);
                var outcome = await AddAsync(store, $"{i}");
                if (outcome is AddOutcome.StorageFull) break;
                Assert.IsType<AddOutcome.Added>(outcome);
                kept.Add($"{i}");
            }
            Assert.Null(await store.FindAsync($"{kept.Count}", Cancellation));
            Assert.Equal(kept.Count, await store.CountQueuedAsync(Cancellation));
            Assert.All(await Task.WhenAll(Enumerable.Range(0, 8).Select(i => AddAsync(store, $"many {i}"))), one => Assert.IsType<AddOutcome.StorageFull>(one));
            Assert.Equal("ok", Check(folder));

            // What ran goes on: its steps need no disk, and its end is refused as a whole or written.
            Assert.Equal(kept.Count, (await store.WaitingAsync(1000, 0, Cancellation)).Count);

            Assert.True(Run("mount", "-o", "remount,size=16m", folder.Path));
            Assert.IsType<AddOutcome.Added>(await AddAsync(store, "later"));
            Assert.IsType<CommitOutcome.Committed>(await store.CommitAsync(kept[0], null, new JobCommand.Cancel(), Cancellation));
        }
        using var next = SqliteJobStore.Open(folder.Path, TimeProvider.System);
        foreach (string id in kept.Append("later")) Assert.NotNull(await next.FindAsync(id, Cancellation));
        Assert.Equal(kept.Count, await next.CountQueuedAsync(Cancellation)); // one was cancelled, one came later
        Assert.Equal("ok", Check(folder));
    }

    private static async Task<AddOutcome> AddAsync(SqliteJobStore store, string id) => await store.AddAsync(
        Job.Admit(id, Requests.Plain with { Prompt = new string('p', 20_000) }, [], DateTimeOffset.UtcNow), new AddTerms { MaxQueued = 1000 }, Cancellation);

    private static string? Check(DataFolder folder)
    {
        using var connection = new SqliteConnection($"Data Source={folder.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        return command.ExecuteScalar() as string;
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
