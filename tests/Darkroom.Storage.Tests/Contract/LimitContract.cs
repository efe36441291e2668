using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Tests.Contract;

/// <summary>Limits of what waits: of all callers and of one, in jobs and in megapixel-steps.</summary>
public abstract class LimitContract<TStore> : StoreContract<TStore> where TStore : IStoreUnderTest, new()
{
    private static readonly double Cost = JobCost.MegapixelSteps(New("any").Job.Request);

    [Fact]
    public async Task Callers_own_limit_leaves_room_for_others_and_a_claim_makes_room_again()
    {
        var store = Open();
        var terms = Terms with { MaxQueuedPerCaller = 1 };
        Assert.IsType<AddOutcome.Added>(await AddAsync(store, "a", "ann", terms));
        Assert.Equal(new AddOutcome.CallerFull(QueueLimit.Jobs, 1), await AddAsync(store, "b", "ann", terms));
        Assert.IsType<AddOutcome.Added>(await AddAsync(store, "c", "bob", terms));
        await store.ClaimAsync(["a"], Here, Cancellation);
        Assert.IsType<AddOutcome.Added>(await AddAsync(store, "d", "ann", terms));
    }

    [Fact]
    public async Task Work_that_waits_is_limited_too()
    {
        var store = Open();
        var terms = Terms with { MaxCost = 2.5 * Cost };
        foreach (string id in new[] { "a", "b" }) Assert.IsType<AddOutcome.Added>(await AddAsync(store, id, "ann", terms));
        Assert.Equal(new AddOutcome.QueueFull(QueueLimit.MegapixelSteps, 2.5 * Cost), await AddAsync(store, "c", "ann", terms));
        Assert.Equal(new AddOutcome.CallerFull(QueueLimit.MegapixelSteps, Cost), await AddAsync(store, "c", "ann", terms with { MaxCostPerCaller = Cost }));
        await CommitAsync(store, "a", null, Cancel);
        Assert.IsType<AddOutcome.Added>(await AddAsync(store, "c", "ann", terms));
    }

    [Fact]
    public async Task Job_that_costs_more_than_a_limit_is_admitted_where_nothing_waits()
    {
        var store = Open();
        var terms = Terms with { MaxCost = Cost / 2, MaxCostPerCaller = Cost / 2 };
        Assert.IsType<AddOutcome.Added>(await AddAsync(store, "a", "ann", terms));
        Assert.IsType<AddOutcome.QueueFull>(await AddAsync(store, "b", "bob", terms));
    }

    [Fact]
    public async Task Job_that_is_given_back_waits_again_though_the_queue_is_full()
    {
        var store = Open(maxQueued: 1);
        await AddAsync(store, "a");
        var job = (await ClaimAsync(store))[0];
        await AddAsync(store, "b");
        await AppliedAsync(store, "a", job.Attempt, Release);
        Assert.Equal(2, await store.CountQueuedAsync(Cancellation));
        Assert.IsType<AddOutcome.QueueFull>(await TryAddAsync(store, New("c")));
    }

    private static async Task<AddOutcome> AddAsync(IJobStore store, string id, string caller, AddTerms terms) =>
        await store.AddAsync(New(id, caller: caller), terms, Cancellation);
}
