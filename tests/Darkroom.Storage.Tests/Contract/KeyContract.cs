using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Tests.Contract;

/// <summary>A caller's keys: the same one again is the job that is there already.</summary>
public abstract class KeyContract<TStore> : StoreContract<TStore> where TStore : IStoreUnderTest, new()
{
    [Fact]
    public async Task Same_key_gives_the_first_job_as_it_stands()
    {
        var store = Open();
        Assert.IsType<AddOutcome.Added>(await AddAsync(store, "a", "key"));
        Assert.Equal("a", Assert.IsType<AddOutcome.Replayed>(await AddAsync(store, "b", "key")).Job.Id);
        Assert.Null(await store.FindAsync("b", Cancellation));
        await CommitAsync(store, "a", null, Cancel);
        Assert.Equal(JobState.Cancelled, Assert.IsType<AddOutcome.Replayed>(await AddAsync(store, "b", "key")).Job.State);
    }

    [Fact]
    public async Task Same_key_for_something_else_is_refused()
    {
        var store = Open();
        await AddAsync(store, "a", "key");
        Assert.IsType<AddOutcome.KeyReused>(await AddAsync(store, "b", "key", "another body"));
        Assert.Null(await store.FindAsync("b", Cancellation));
    }

    [Fact]
    public async Task Key_is_the_callers_own()
    {
        var store = Open();
        await AddAsync(store, "a", "key", caller: "ann");
        Assert.IsType<AddOutcome.Added>(await AddAsync(store, "b", "key", caller: "bob"));
    }

    [Fact]
    public async Task Replay_is_answered_though_the_queue_is_full()
    {
        var store = Open(maxQueued: 1);
        await AddAsync(store, "a", "key");
        Assert.IsType<AddOutcome.Replayed>(await AddAsync(store, "b", "key"));
        Assert.IsType<AddOutcome.QueueFull>(await AddAsync(store, "c", "other"));
        await ClaimAsync(store);
        Assert.IsType<AddOutcome.Added>(await AddAsync(store, "c", "other")); // a refusal used no key up
    }

    [Fact]
    public async Task Key_is_free_again_after_a_day()
    {
        var store = Open();
        await AddAsync(store, "a", "key");
        await CommitAsync(store, "a", null, Cancel);
        Clock.Move(AddTerms.KeyLifetime - TimeSpan.FromSeconds(1));
        Assert.IsType<AddOutcome.KeyReused>(await AddAsync(store, "b", "key", "another body"));
        Clock.Move(TimeSpan.FromSeconds(1));
        Assert.IsType<AddOutcome.Added>(await AddAsync(store, "b", "key", "another body"));
        Assert.Equal("b", Assert.IsType<AddOutcome.Replayed>(await AddAsync(store, "c", "key", "another body")).Job.Id);
        Assert.NotNull(await store.FindAsync("a", Cancellation));
    }

    [Fact]
    public async Task Removed_job_takes_its_key_along()
    {
        var store = Open();
        await AddAsync(store, "a", "key");
        await CommitAsync(store, "a", null, Cancel);
        await store.PurgeAsync("a", Cancellation);
        Assert.IsType<AddOutcome.Added>(await AddAsync(store, "b", "key"));
    }

    [Fact]
    public async Task Hundred_at_once_with_one_key_make_one_job()
    {
        var store = Open(maxQueued: 200);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => AddAsync(store, $"{i}", "key"), Cancellation)));
        Assert.Single(outcomes.OfType<AddOutcome.Added>());
        Assert.Single(outcomes.OfType<AddOutcome.Replayed>().Select(one => one.Job.Id).Distinct());
        Assert.Equal(99, outcomes.OfType<AddOutcome.Replayed>().Count());
        Assert.Equal(1, await store.CountQueuedAsync(Cancellation));
    }

    [Fact]
    public async Task Keys_outlive_a_restart_with_their_jobs()
    {
        if (!OutlivesProcess) return;
        var store = Open();
        await AddAsync(store, "a", "first");
        await AddAsync(store, "b", "second");
        await CommitAsync(store, "a", null, Cancel);
        store = Reopen(store);
        Assert.Equal("a", Assert.IsType<AddOutcome.Replayed>(await AddAsync(store, "c", "first")).Job.Id);
        Assert.Equal("b", Assert.IsType<AddOutcome.Replayed>(await AddAsync(store, "c", "second")).Job.Id);
        Assert.IsType<AddOutcome.KeyReused>(await AddAsync(store, "c", "first", "another body"));
    }

    private async Task<AddOutcome> AddAsync(IJobStore store, string id, string key, string body = "body", string caller = "") =>
        await store.AddAsync(New(id, at: Clock.GetUtcNow(), caller: caller), Terms with { Key = new IdempotencyKey(key, body) }, Cancellation);
}
