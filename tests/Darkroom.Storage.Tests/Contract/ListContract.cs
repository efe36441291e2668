using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Tests.Contract;

/// <summary>Lists: newest first, and stable while jobs come and go.</summary>
public abstract class ListContract<TStore> : StoreContract<TStore> where TStore : IStoreUnderTest, new()
{
    [Fact]
    public async Task List_is_newest_first_and_goes_on_where_it_stopped_though_that_job_is_forgotten()
    {
        var store = Open();
        for (int i = 0; i < 5; i++) await AddAsync(store, New($"{i}", at: Noon.AddSeconds(i)));
        var first = await store.ListAsync(new JobQuery(null, 2), Cancellation);
        Assert.Equal(["4", "3"], first.Jobs.Select(job => job.Id));
        foreach (string id in new[] { "3", "2" }) await CommitAsync(store, id, null, Cancel);
        Assert.IsType<PurgeOutcome.Purged>(await store.PurgeAsync("3", Cancellation));
        Assert.Null(await store.FindAsync("3", Cancellation));
        var second = await store.ListAsync(new JobQuery(null, 2, first.Next), Cancellation);
        Assert.Equal(["2", "1"], second.Jobs.Select(job => job.Id));
        var last = await store.ListAsync(new JobQuery(null, 2, second.Next), Cancellation);
        Assert.Equal(("0", null), (Assert.Single(last.Jobs).Id, last.Next));
        Assert.Equal(["2"], (await store.ListAsync(new JobQuery(JobState.Cancelled, 9), Cancellation)).Jobs.Select(job => job.Id));
        Assert.Empty((await store.ListAsync(new JobQuery(null, 9, new JobPlace(Noon.AddSeconds(-1), "")), Cancellation)).Jobs);
        Assert.Empty((await Open().ListAsync(new JobQuery(null, 9, first.Next), Cancellation)).Jobs);
    }

    [Fact]
    public async Task Pages_of_one_callers_jobs_hold_no_others_and_are_full()
    {
        var store = Open(maxQueued: 100);
        for (int i = 0; i < 9; i++)
        {
            var admitted = New($"{i}", at: Noon.AddSeconds(i));
            var job = admitted.Job with { Request = admitted.Job.Request with { Caller = i % 3 == 0 ? "key:a" : "key:b" } };
            await AddAsync(store, admitted with { Job = job });
        }
        var first = await store.ListAsync(new JobQuery(null, 2) { Caller = "key:a" }, Cancellation);
        Assert.Equal(["6", "3"], first.Jobs.Select(job => job.Id));
        var last = await store.ListAsync(new JobQuery(null, 2, first.Next) { Caller = "key:a" }, Cancellation);
        Assert.Equal(("0", null), (Assert.Single(last.Jobs).Id, last.Next));
        Assert.Empty((await store.ListAsync(new JobQuery(null, 2) { Caller = "key:" }, Cancellation)).Jobs);
    }

    [Fact]
    public async Task Jobs_of_one_moment_are_all_listed_once()
    {
        var store = Open(maxQueued: 100);
        for (int i = 0; i < 20; i++) await AddAsync(store, $"{i}");
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}").Order(StringComparer.Ordinal),
            (await AllAsync(store, 3, () => Task.CompletedTask)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Jobs_that_come_and_end_while_pages_are_read_move_no_other()
    {
        var store = Open(maxQueued: 100);
        for (int i = 0; i < 12; i++) await AddAsync(store, New($"old {i:D2}", at: Noon.AddSeconds(i)));
        int page = 0;
        var seen = await AllAsync(store, 3, async () =>
        {
            await AddAsync(store, New($"new {page}", at: Noon.AddSeconds(100 + page)));
            await CommitAsync(store, $"old {page:D2}", null, Cancel);
            await ClaimAsync(store);
            page++;
        });
        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"old {i:D2}").Reverse(), seen);
    }

    private static async Task<List<string>> AllAsync(IJobStore store, int limit, Func<Task> between)
    {
        var seen = new List<string>();
        for (JobPlace? after = null; ;)
        {
            var page = await store.ListAsync(new JobQuery(null, limit, after), Cancellation);
            seen.AddRange(page.Jobs.Select(job => job.Id));
            if ((after = page.Next) is null) return seen;
            await between();
        }
    }
}
