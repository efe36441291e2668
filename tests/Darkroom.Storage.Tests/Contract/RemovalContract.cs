using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Tests.Contract;

/// <summary>Finished jobs go when somebody says so, and say what they leave behind.</summary>
public abstract class RemovalContract<TStore> : StoreContract<TStore> where TStore : IStoreUnderTest, new()
{
    [Fact]
    public async Task Sweep_removes_the_oldest_ends_up_to_its_limit_and_names_them()
    {
        var store = Open();
        foreach (string id in new[] { "c", "b", "a" })
        {
            await AddAsync(store, id);
            Clock.Move(TimeSpan.FromMinutes(1));
            await CommitAsync(store, id, null, Cancel);
        }
        await AddAsync(store, "waits");
        Assert.Empty(await store.SweepAsync(Noon.AddMinutes(1), 9, Cancellation)); // before, not at
        Assert.Equal(["c", "b"], (await store.SweepAsync(Noon.AddHours(1), 2, Cancellation)).Select(job => job.Id));
        Assert.Null(await store.FindAsync("c", Cancellation));
        Assert.Equal(["a"], (await store.SweepAsync(Noon.AddHours(1), 9, Cancellation)).Select(job => job.Id));
        Assert.Empty(await store.SweepAsync(Noon.AddHours(1), 9, Cancellation));
        Assert.Equal(["waits"], (await store.ListAsync(new JobQuery(null, 9), Cancellation)).Jobs.Select(job => job.Id));
    }

    [Fact]
    public async Task Sweep_of_one_caller_and_of_all_others()
    {
        var store = Open();
        foreach (var (id, caller) in new[] { ("a", "key:ann"), ("b", "key:bob"), ("c", ""), ("d", "key:ann") })
        {
            await AddAsync(store, New(id, caller: caller));
            await CommitAsync(store, id, null, Cancel);
        }
        var later = new SweepQuery(Noon.AddHours(1));
        Assert.Empty(await store.SweepAsync(later with { FinishedBefore = Noon, Caller = "key:ann" }, 9, Cancellation));
        Assert.Equal(["a"], (await store.SweepAsync(later with { Caller = "key:ann" }, 1, Cancellation)).Select(job => job.Id));
        Assert.Equal(["c"], (await store.SweepAsync(later with { Except = ["key:ann", "key:bob"] }, 9, Cancellation)).Select(job => job.Id));
        Assert.Equal(["b", "d"], (await store.SweepAsync(later, 9, Cancellation)).Select(job => job.Id));
    }

    [Fact]
    public async Task Purge_removes_what_is_finished_and_nothing_else()
    {
        var store = Open();
        await AddAsync(store, "a");
        Assert.IsType<PurgeOutcome.UnknownJob>(await store.PurgeAsync("b", Cancellation));
        Assert.Equal("a", Assert.IsType<PurgeOutcome.NotFinished>(await store.PurgeAsync("a", Cancellation)).Job.Id);
        await CommitAsync(store, "a", null, Cancel);
        Assert.Equal(JobState.Cancelled, Assert.IsType<PurgeOutcome.Purged>(await store.PurgeAsync("a", Cancellation)).Job.State);
        Assert.IsType<PurgeOutcome.UnknownJob>(await store.PurgeAsync("a", Cancellation));
        Assert.IsType<CommitOutcome.UnknownJob>(await CommitAsync(store, "a", null, Cancel));
        Assert.Empty(await EventsAsync(store, "a"));
        Assert.Empty((await store.ListAsync(new JobQuery(null, 9), Cancellation)).Jobs);
    }

    [Fact]
    public async Task Of_many_that_purge_one_job_one_gets_it()
    {
        var store = Open();
        await AddAsync(store, "a");
        await CommitAsync(store, "a", null, Cancel);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => store.PurgeAsync("a", Cancellation).AsTask(), Cancellation)));
        Assert.Single(outcomes.OfType<PurgeOutcome.Purged>());
    }
}
