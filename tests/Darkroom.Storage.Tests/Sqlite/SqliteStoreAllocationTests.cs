using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Sqlite;

namespace Darkroom.Storage.Tests.Sqlite;

/// <summary>What the loop does at every step costs no memory, and touches no disk.</summary>
public sealed class SqliteStoreAllocationTests
{
    [Fact]
    public async Task Renewing_claims_reporting_steps_and_looking_at_the_queue_allocates_nothing()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var owner = new JobOwner("here", TimeSpan.FromSeconds(30));
        using var folder = new DataFolder();
        using var store = SqliteJobStore.Open(folder.Path, TimeProvider.System);
        foreach (string id in new[] { "a", "b" })
            await store.AddAsync(Job.Admit(id, Requests.Plain with { Steps = 1000 }, [], DateTimeOffset.UtcNow), new AddTerms { MaxQueued = 9 }, cancellation);
        await store.ClaimAsync(["a"], owner, cancellation);
        List<JobClaim> claims = [new("a", 1)];
        Step(1);
        long size = new FileInfo(folder.Database + "-wal").Length;

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 2; step < 1000; step++) Step(step);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(size, new FileInfo(folder.Database + "-wal").Length);
        Assert.Equal(999, (await store.FindAsync("a", cancellation))!.Progress.Step);

        void Step(int step)
        {
            store.ReportAsync("a", 1, step, null, cancellation).GetAwaiter().GetResult();
            if (store.RenewAsync(claims, owner, cancellation).GetAwaiter().GetResult().Count != 0) throw new InvalidOperationException("The claim is lost.");
            if (store.WaitingAsync(9, 0, cancellation).GetAwaiter().GetResult().Count != 1) throw new InvalidOperationException("Nothing waits.");
        }
    }
}
