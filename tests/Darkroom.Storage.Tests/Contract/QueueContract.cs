using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Tests.Contract;

/// <summary>Waiting jobs: how many, in which order, and what stands before one.</summary>
public abstract class QueueContract<TStore> : StoreContract<TStore> where TStore : IStoreUnderTest, new()
{
    [Fact]
    public async Task Full_store_refuses_and_a_claim_makes_room()
    {
        var store = Open(maxQueued: 1);
        await AddAsync(store, "a");
        Assert.Equal(new AddOutcome.QueueFull(QueueLimit.Jobs, 1), await TryAddAsync(store, New("b")));
        Assert.Null(await store.FindAsync("b", Cancellation));
        Assert.Single(await ClaimAsync(store, 5));
        await AddAsync(store, "c");
    }

    [Fact]
    public async Task Waiting_jobs_come_by_priority_then_by_age()
    {
        var store = Open();
        foreach (var (id, priority) in new[] { ("low", JobPriority.Low), ("first", JobPriority.Normal), ("second", JobPriority.Normal),
            ("high", JobPriority.High) })
            await AddAsync(store, New(id, priority));
        Assert.Equal(["high", "first"], (await ClaimAsync(store, 2)).Select(job => job.Id));
        Assert.Equal(["second", "low"], (await ClaimAsync(store, 9)).Select(job => job.Id));
    }

    [Fact]
    public async Task Waiting_jobs_are_the_same_list_until_something_changes_in_it()
    {
        var store = Open();
        await AddAsync(store, "a", "b");
        var list = await store.WaitingAsync(9, 0, Cancellation);
        Assert.Same(list, await store.WaitingAsync(9, 0, Cancellation));
        await AddAsync(store, "c");
        Assert.Equal(["a", "b"], list.Select(job => job.Id)); // who holds the old one reads it to its end
        Assert.Equal(["a", "b", "c"], (await store.WaitingAsync(9, 0, Cancellation)).Select(job => job.Id));
        await CommitAsync(store, "b", null, Cancel);
        Assert.Equal(["a", "c"], (await store.WaitingAsync(9, 0, Cancellation)).Select(job => job.Id));
        Assert.Equal(["a"], (await store.WaitingAsync(1, 0, Cancellation)).Select(job => job.Id));
    }

    [Fact]
    public async Task Cancelled_while_waiting_is_never_claimed_and_frees_its_place()
    {
        var store = Open(maxQueued: 1);
        await AddAsync(store, "a");
        Assert.Equal(JobState.Cancelled, (await AppliedAsync(store, "a", null, Cancel)).State);
        Assert.Equal(0, await store.CountQueuedAsync(Cancellation));
        Assert.Empty(await store.ClaimAsync(["a"], Here, Cancellation));
    }

    [Fact]
    public async Task Released_job_keeps_its_place_before_younger_ones()
    {
        var store = Open();
        await AddAsync(store, "old", "young");
        var old = (await ClaimAsync(store))[0];
        await AppliedAsync(store, "old", old.Attempt, Release);
        Assert.Equal("old", (await ClaimAsync(store))[0].Id);
    }

    [Fact]
    public async Task Those_ahead_are_the_waiting_jobs_that_are_claimed_earlier()
    {
        var store = Open();
        foreach (var (id, priority) in new[] { ("running", JobPriority.High), ("low", JobPriority.Low), ("first", JobPriority.Normal),
            ("second", JobPriority.Normal) })
            await AddAsync(store, New(id, priority));
        await ClaimAsync(store);
        Assert.Equal(new QueueAhead(0, 0), await store.AheadAsync("first", Cancellation));
        Assert.Equal(new QueueAhead(1, 4), await store.AheadAsync("second", Cancellation));
        Assert.Equal(new QueueAhead(2, 8), await store.AheadAsync("low", Cancellation));
        Assert.Null(await store.AheadAsync("running", Cancellation));
        Assert.Null(await store.AheadAsync("nothing", Cancellation));
    }

    [Fact]
    public async Task Oldest_of_those_beyond_the_limit_are_seen_whatever_their_priority()
    {
        var store = Open();
        foreach (var (id, priority) in new[] { ("low", JobPriority.Low), ("first", JobPriority.Normal), ("second", JobPriority.Normal),
            ("high", JobPriority.High), ("higher", JobPriority.High) })
            await AddAsync(store, New(id, priority));
        Assert.Equal(["high", "higher", "low"], (await store.WaitingAsync(2, 1, Cancellation)).Select(job => job.Id));
        Assert.Equal(["high", "low", "first"], (await store.WaitingAsync(1, 2, Cancellation)).Select(job => job.Id));
        Assert.Equal(["high", "higher", "first", "second", "low"], (await store.WaitingAsync(9, 9, Cancellation)).Select(job => job.Id));
        await ClaimAsync(store);
        Assert.Equal(["higher", "low"], (await store.WaitingAsync(1, 1, Cancellation)).Select(job => job.Id));
    }

    [Fact]
    public async Task Every_waiting_job_expires_when_its_deadline_has_passed_by_the_clock_of_the_store()
    {
        var store = Open();
        List<string> finished = [];
        store.Finished += job => finished.Add(job.Id);
        foreach (var (id, deadline) in new[] { ("never", (double?)null), ("soon", 5), ("late", 60), ("as soon", 5) })
            await AddAsync(store, New(id, JobPriority.Low, deadline: deadline));
        Clock.Move(TimeSpan.FromSeconds(4.9));
        Assert.Equal(0, await store.ExpireAsync(Cancellation));
        Clock.Move(TimeSpan.FromSeconds(0.1));
        Assert.Equal(2, await store.ExpireAsync(Cancellation));
        Assert.Equal(["soon", "as soon"], finished);
        Assert.Equal(JobState.Expired, (await JobAsync(store, "soon")).State);
        Assert.Equal(JobEventKind.Expired, (await EventsAsync(store, "soon"))[^1].Kind);
        Assert.Equal(["never", "late"], (await store.WaitingAsync(9, 0, Cancellation)).Select(job => job.Id));
        Assert.Equal(2, await store.CountQueuedAsync(Cancellation));
        Assert.Equal(0, await store.ExpireAsync(Cancellation));
    }

    [Fact]
    public async Task Claimed_job_is_not_expired_from_the_queue_and_one_that_came_back_is()
    {
        var store = Open();
        await AddAsync(store, New("a", deadline: 5));
        var claimed = (await ClaimAsync(store))[0];
        Clock.Move(TimeSpan.FromSeconds(6));
        Assert.Equal(0, await store.ExpireAsync(Cancellation)); // its owner ends it
        await AppliedAsync(store, "a", claimed.Attempt, Release);
        Assert.Equal(1, await store.ExpireAsync(Cancellation));
        Assert.Equal(JobState.Expired, (await JobAsync(store, "a")).State);
    }
}
