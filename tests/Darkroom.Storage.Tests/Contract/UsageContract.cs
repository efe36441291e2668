using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;

namespace Darkroom.Storage.Tests.Contract;

/// <summary>What an account used is counted with the end of its jobs: once, whatever happens, and for longer than the jobs are kept.</summary>
public abstract class UsageContract<TStore> : StoreContract<TStore> where TStore : IStoreUnderTest, new()
{
    private const string Ann = "key:ann", Ben = "key:ben";

    private static readonly DateOnly Today = DateOnly.FromDateTime(Noon.UtcDateTime);
    private static readonly JobUsage Used = new(1.5, 3, 40);
    private static readonly JobResult OnePicture = Result with
    {
        Images = [new GeneratedImage(0, 5, 64, 32, PictureFormat.Webp, 1234, "hash", "artifact")],
    };

    [Fact]
    public async Task An_end_is_counted_once_with_what_was_made_and_used()
    {
        var store = Open();
        await AddAsync(store, New("a", caller: Ann));
        var job = (await ClaimAsync(store))[0];
        Assert.Empty(await UsageAsync(store));
        Assert.IsType<CommitOutcome.ClaimLost>(await CommitAsync(store, "a", job.Attempt + 1, new JobCommand.Succeed(OnePicture, Used)));
        await AppliedAsync(store, "a", job.Attempt, new JobCommand.Succeed(OnePicture, Used));
        Assert.IsType<CommitOutcome.NotApplicable>(await CommitAsync(store, "a", job.Attempt, new JobCommand.Succeed(OnePicture, Used)));
        Assert.IsType<CommitOutcome.NotApplicable>(await CommitAsync(store, "a", null, Cancel));

        var cost = JobCost.MegapixelSteps(job.Request);
        Assert.True(cost > 0);
        Assert.Equal([new UsageEntry(Today, Ann, new UsageCounts
        {
            Succeeded = 1, Pictures = 1, MegapixelSteps = cost, DeviceSeconds = 1.5, ProcessorSeconds = 3, Joules = 40,
        })], await UsageAsync(store));
        Assert.Equal(Used, (await JobAsync(store, "a")).Spending.Total);
    }

    [Fact]
    public async Task Jobs_are_counted_by_account_by_outcome_and_by_the_day_of_their_end()
    {
        var store = Open();
        foreach (var (id, caller, deadline) in new (string, string, double?)[]
            { ("a", Ann, null), ("b", Ann, null), ("c", Ben, null), ("d", Ben, 1), ("e", "10.0.0.9", null), ("f", "10.0.0.8", null) })
            await AddAsync(store, New(id, caller: caller, deadline: deadline));
        await AppliedAsync(store, "a", null, Fail);
        await AppliedAsync(store, "c", null, Cancel);
        Clock.Move(TimeSpan.FromHours(12));
        await AppliedAsync(store, "b", null, Cancel);
        Assert.Equal(1, await store.ExpireAsync(Cancellation));
        foreach (string id in new[] { "e", "f" }) await AppliedAsync(store, id, null, Cancel);

        UsageEntry[] all =
        [
            new(Today, Ann, new() { Failed = 1 }), new(Today, Ben, new() { Cancelled = 1 }), new(Today.AddDays(1), "", new() { Cancelled = 2 }),
            new(Today.AddDays(1), Ann, new() { Cancelled = 1 }), new(Today.AddDays(1), Ben, new() { Expired = 1 }),
        ];
        Assert.Equal(all, await UsageAsync(store));
        Assert.Equal(all[..2], await UsageAsync(store, new(Today.AddDays(-1), Today)));
        Assert.Equal(all[2..], await UsageAsync(store, new(Today.AddDays(1), Today.AddDays(9))));
        Assert.Equal([all[1], all[4]], await UsageAsync(store, new(Today, Today.AddDays(1), Ben)));
        Assert.Empty(await UsageAsync(store, new(Today, Today.AddDays(1), "key:nobody")));
        await Book(store).SweepUsageAsync(Today, Cancellation);
        Assert.Equal(all, await UsageAsync(store));
    }

    [Fact]
    public async Task What_an_attempt_took_of_a_job_that_another_ended_is_added_and_told_twice_counts_once()
    {
        var store = Open();
        await AddAsync(store, New("a", caller: Ann));
        var job = (await ClaimAsync(store))[0];
        await AppliedAsync(store, "a", null, Cancel);
        await AppliedAsync(store, "a", null, new JobCommand.Spend(job.Attempt, Used with { DeviceSeconds = 1, Joules = null }));
        await AppliedAsync(store, "a", null, new JobCommand.Spend(job.Attempt, Used));
        Assert.IsType<CommitOutcome.NotApplicable>(await CommitAsync(store, "a", null, new JobCommand.Spend(job.Attempt, Used)));
        Assert.IsType<CommitOutcome.NotApplicable>(await CommitAsync(store, "a", null, new JobCommand.Spend(job.Attempt + 1, Used)));
        Assert.Equal([new UsageEntry(Today, Ann, new UsageCounts { Cancelled = 1, DeviceSeconds = 1.5, ProcessorSeconds = 3, Joules = 40 })],
            await UsageAsync(store));
        Assert.Equal(Used, (await JobAsync(store, "a")).Spending.Total);
    }

    [Fact]
    public async Task Attempts_of_a_job_add_up_and_those_without_joules_leave_out_no_others()
    {
        var store = Open();
        await AddAsync(store, New("a", caller: Ann));
        var first = (await ClaimAsync(store))[0];
        await AppliedAsync(store, "a", first.Attempt, new JobCommand.Release(Used with { Joules = null }));
        var second = (await ClaimAsync(store, owner: There))[0];
        Clock.Move(There.Lease + TimeSpan.FromSeconds(1));
        await store.RecoverAsync(Here, 9, Cancellation); // what the second took is lost with its process
        var third = (await ClaimAsync(store))[0];
        await AppliedAsync(store, "a", third.Attempt, new JobCommand.Fail(new(JobFailureKind.NonFinite, "x"), Used));
        Assert.IsType<CommitOutcome.NotApplicable>(await CommitAsync(store, "a", null, new JobCommand.Spend(second.Attempt, Used)));
        Assert.Equal([new UsageEntry(Today, Ann, new UsageCounts { Failed = 1, DeviceSeconds = 3, ProcessorSeconds = 6, Joules = 40 })],
            await UsageAsync(store));
        Assert.Equal(new JobUsage(3, 6, 40), (await JobAsync(store, "a")).Spending.Total);
    }

    [Fact]
    public async Task Usage_outlives_its_jobs_and_goes_with_its_own_age()
    {
        var store = Open();
        foreach (string id in new[] { "a", "b" })
        {
            await AddAsync(store, New(id, caller: Ann));
            await AppliedAsync(store, id, null, Cancel);
        }
        await store.PurgeAsync("a", Cancellation);
        await store.SweepAsync(Noon.AddDays(1), 9, Cancellation);
        Assert.Null(await store.FindAsync("b", Cancellation));
        Assert.Equal(2, Assert.Single(await UsageAsync(store)).Counts.Cancelled);
        Clock.Move(TimeSpan.FromDays(1));
        await AddAsync(store, New("c", caller: Ann));
        await AppliedAsync(store, "c", null, Cancel);
        await Book(store).SweepUsageAsync(Today.AddDays(1), Cancellation);
        Assert.Equal([(Today.AddDays(1), 1L)], (await UsageAsync(store)).Select(one => (one.Day, one.Counts.Cancelled)));
    }

    [Fact]
    public async Task After_a_crash_every_end_is_counted_once()
    {
        Assert.SkipUnless(OutlivesProcess, "Its usage ends with the process.");
        var store = Open();
        await AddAsync(store, New("done", caller: Ann));
        await AddAsync(store, New("ran", caller: Ann));
        await ClaimAsync(store, 2);
        await AppliedAsync(store, "done", 1, new JobCommand.Succeed(OnePicture, Used));
        store = Reopen(store);
        Clock.Move(Here.Lease + TimeSpan.FromSeconds(1));
        Assert.Equal(["ran"], (await store.RecoverAsync(There, 9, Cancellation)).Select(job => job.Id));
        Assert.IsNotType<CommitOutcome.Committed>(await CommitAsync(store, "done", 1, new JobCommand.Succeed(OnePicture, Used)));
        var again = (await ClaimAsync(store, owner: There))[0];
        await AppliedAsync(store, "ran", again.Attempt, new JobCommand.Succeed(OnePicture, Used));
        store = Reopen(store);
        var counts = Assert.Single(await UsageAsync(store)).Counts;
        Assert.Equal((2L, 2L, 3.0, 6.0, 80.0), (counts.Succeeded, counts.Pictures, counts.DeviceSeconds, counts.ProcessorSeconds, counts.Joules));
    }

    [Fact]
    public async Task Ends_that_come_together_are_all_counted()
    {
        var store = Open(maxQueued: 100);
        string[] ids = [.. Enumerable.Range(0, 40).Select(i => $"{i}")];
        foreach (string id in ids) await AddAsync(store, New(id, caller: int.Parse(id) % 2 == 0 ? Ann : Ben));
        await Task.WhenAll(ids.Select(id => Task.Run(async () =>
        {
            await AppliedAsync(store, id, null, Cancel);
            if (id.EndsWith('7')) await Book(store).SweepUsageAsync(Today.AddDays(-1), Cancellation);
        }, Cancellation)));
        Assert.Equal([(Ann, 20L), (Ben, 20L)], (await UsageAsync(store)).Select(one => (one.Account, one.Counts.Cancelled)));
    }

    private static IUsageBook Book(IJobStore store) => new TStore().UsageOf(store);

    private static async Task<IReadOnlyList<UsageEntry>> UsageAsync(IJobStore store, UsageQuery? query = null) =>
        await Book(store).UsageAsync(query ?? new UsageQuery(DateOnly.MinValue, DateOnly.MaxValue), Cancellation);
}
