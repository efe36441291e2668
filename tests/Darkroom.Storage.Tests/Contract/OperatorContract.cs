using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Tests.Contract;

/// <summary>What an operator may do to the queue: pause it, and change its order.</summary>
public abstract class OperatorContract<TStore> : StoreContract<TStore> where TStore : IStoreUnderTest, new()
{
    [Fact]
    public async Task Paused_queue_admits_and_claims_nothing_while_what_runs_goes_on()
    {
        var store = Open();
        await AddAsync(store, "running", "waiting");
        var running = (await ClaimAsync(store))[0];
        await store.SetPausedAsync(true, Cancellation);
        Assert.True(store.IsPaused);
        await AddAsync(store, "late");
        Assert.Empty(await ClaimAsync(store, 9));
        Assert.Equal(2, (await store.WaitingAsync(9, 0, Cancellation)).Count);
        Assert.True(await HoldsAsync(store, "running", running.Attempt));
        await AppliedAsync(store, "running", running.Attempt, Succeed);

        await store.SetPausedAsync(false, Cancellation);
        Assert.False(store.IsPaused);
        Assert.Equal(["waiting", "late"], (await ClaimAsync(store, 9)).Select(job => job.Id));
    }

    [Fact]
    public async Task Pause_lasts_as_long_as_the_jobs()
    {
        var store = Open();
        await store.SetPausedAsync(true, Cancellation);
        await AddAsync(store, "a");
        store = Reopen(store);
        Assert.True(store.IsPaused);
        Assert.Empty(await ClaimAsync(store, 9));
        await store.SetPausedAsync(false, Cancellation);
        Assert.Single(await ClaimAsync(store, 9));
    }

    [Fact]
    public async Task Waiting_job_takes_its_place_among_those_of_its_new_priority()
    {
        var store = Open();
        await AddAsync(store, "first", "second", "third");
        await AddAsync(store, New("high", JobPriority.High));
        var list = await store.WaitingAsync(9, 0, Cancellation);
        var urgent = await AppliedAsync(store, "third", null, new JobCommand.Prioritise(JobPriority.High));
        Assert.Equal((JobPriority.High, 2), (urgent.Request.Priority, urgent.Version));
        Assert.NotSame(list, await store.WaitingAsync(9, 0, Cancellation));
        Assert.Equal(new QueueAhead(0, 0), await store.AheadAsync("third", Cancellation)); // it came before the other one
        await AppliedAsync(store, "first", null, new JobCommand.Prioritise(JobPriority.Low));
        store = Reopen(store);
        Assert.Equal(["third", "high", "second", "first"], (await ClaimAsync(store, 9)).Select(job => job.Id));
        Assert.IsType<CommitOutcome.NotApplicable>(await CommitAsync(store, "first", null, new JobCommand.Prioritise(JobPriority.High)));
    }
}
