using Darkroom.Server.Tests.Scripted;
using Darkroom.Storage.Sqlite;
using Darkroom.TestKit.Faults;

namespace Darkroom.Server.Tests.Health;

/// <summary>A server whose jobs are on a disk that is really full.</summary>
public sealed class FullStoreTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cancelling_on_a_full_disk_is_a_507_changes_nothing_and_is_done_when_there_is_room()
    {
        using var disk = SmallDisk.TryMount();
        Assert.SkipWhen(disk is null, "No file system can be mounted here.");
        await using var server = await RunningServer.StartAsync(SqliteJobStore.Open(disk.Path, TimeProvider.System));
        server.Queue.LeavesQueued = true;
        var jobs = new List<string>();
        for (int i = 0; i < 3; i++)
        {
            using var accepted = await server.PostAsync("""{"prompt":"a fox"}""", prefer: "respond-async");
            Assert.Equal(202, (int)accepted.StatusCode);
            jobs.Add((string)(await accepted.JsonAsync())["id"]!);
        }
        string filler = disk.Fill();
        int freed = 0;
        while (freed < jobs.Count) // the journal may have room for one or the other
        {
            using var cancelled = await server.Client.DeleteAsync("/v1/jobs/" + jobs[freed], Cancellation);
            if (cancelled.IsSuccessStatusCode) freed++;
            else
            {
                await cancelled.ProblemAsync(507, "storage_full");
                Assert.Equal(TimeSpan.FromSeconds(60), cancelled.Headers.RetryAfter!.Delta);
                break;
            }
        }
        Assert.True(freed < jobs.Count, "The disk was not full.");
        using var still = await server.Client.GetAsync("/v1/jobs/" + jobs[freed], Cancellation);
        Assert.Equal("queued", (string)(await still.JsonAsync())["status"]!);
        File.Delete(filler);
        using var again = await server.Client.DeleteAsync("/v1/jobs/" + jobs[freed], Cancellation);
        Assert.Equal("cancelled", (string)(await again.JsonAsync())["status"]!);
    }
}
