using System.Collections.Concurrent;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Tests.Contract;

/// <summary>Many threads at once.</summary>
public abstract class RaceContract<TStore> : StoreContract<TStore> where TStore : IStoreUnderTest, new()
{
    private const int Jobs = 200, Workers = 4;

    [Fact]
    public async Task Two_claimers_never_get_the_same_job_and_together_get_all()
    {
        var store = Open(maxQueued: Jobs);
        for (int i = 0; i < Jobs; i++) await AddAsync(store, $"{i}");
        var claimed = new ConcurrentBag<string>();
        await AtOnceAsync(async worker =>
        {
            var owner = new JobOwner($"{worker}", TimeSpan.FromMinutes(1));
            while (await store.WaitingAsync(8, 0, Cancellation) is { Count: > 0 } waiting)
                foreach (var job in await store.ClaimAsync([.. waiting.Select(job => job.Id)], owner, Cancellation)) claimed.Add(job.Id);
        });
        Assert.Equal(Jobs, claimed.Count);
        Assert.Equal(Jobs, claimed.Distinct().Count());
    }

    [Fact]
    public async Task Of_two_that_end_a_job_one_is_committed_and_told()
    {
        var store = Open(maxQueued: Jobs);
        var finished = new ConcurrentBag<Job>();
        store.Finished += finished.Add;
        for (int i = 0; i < Jobs; i++) await AddAsync(store, $"{i}");
        var jobs = await ClaimAsync(store, Jobs);
        var ends = new ConcurrentBag<Job>();
        await AtOnceAsync(async worker =>
        {
            foreach (var job in jobs)
            {
                var outcome = await CommitAsync(store, job.Id, worker % 2 == 0 ? null : job.Attempt, worker % 2 == 0 ? Cancel : Succeed);
                if (outcome is CommitOutcome.Committed(var end)) ends.Add(end);
                else Assert.IsType<CommitOutcome.NotApplicable>(outcome);
            }
        });
        Assert.Equal(Jobs, ends.Count);
        Assert.Equal(ends.OrderBy(job => job.Id), finished.OrderBy(job => job.Id));
        foreach (var end in ends) Same.Job(end, await JobAsync(store, end.Id));
    }

    [Fact]
    public async Task Every_reader_sees_every_version_in_order_and_the_end()
    {
        var store = Open(maxQueued: Jobs);
        for (int i = 0; i < Jobs; i++) await AddAsync(store, $"{i}");
        var readers = Enumerable.Range(0, Jobs).Select(i => Task.Run(() => EventsAsync(store, $"{i}"), Cancellation)).ToList();
        await AtOnceAsync(async worker =>
        {
            for (int i = worker; i < Jobs; i += Workers)
            {
                var job = Assert.Single(await store.ClaimAsync([$"{i}"], Here, Cancellation));
                for (int step = 1; step <= 4; step++) await store.ReportAsync(job.Id, job.Attempt, step, null, Cancellation);
                await AppliedAsync(store, job.Id, job.Attempt, Succeed);
            }
        });
        foreach (var events in await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(30), Cancellation))
        {
            Assert.Equal(JobEventKind.Succeeded, events[^1].Kind);
            Assert.Equal(JobEventKind.Queued, events[0].Kind);
            Assert.Equal(events.Select(one => one.Version).Distinct().Order(), events.Select(one => one.Version));
        }
    }

    [Fact]
    public async Task Queue_is_never_fuller_than_it_may_be()
    {
        var store = Open(maxQueued: 16);
        var (added, claims) = (0, 0);
        await AtOnceAsync(async worker =>
        {
            for (int i = 0; i < Jobs; i++)
            {
                if (await TryAddAsync(store, New($"{worker}.{i}")) is AddOutcome.Added) Interlocked.Increment(ref added);
                Assert.InRange(await store.CountQueuedAsync(Cancellation), 0, 16);
                if (i % 3 == 0) Interlocked.Add(ref claims, (await ClaimAsync(store, 2)).Count);
            }
        });
        Assert.Equal(added, claims + await store.CountQueuedAsync(Cancellation));
    }

    private static Task AtOnceAsync(Func<int, Task> work) =>
        Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => work(worker), Cancellation))).WaitAsync(TimeSpan.FromSeconds(60),
            Cancellation);
}
