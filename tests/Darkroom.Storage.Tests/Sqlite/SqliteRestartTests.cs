using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Tests.Contract;

namespace Darkroom.Storage.Tests.Sqlite;

/// <summary>What the next process finds after one that said no last word.</summary>
public sealed class SqliteRestartTests : StoreContract<SqliteStore>
{
    [Fact]
    public async Task Queued_jobs_go_on_in_order_and_finished_ones_are_found_as_they_were()
    {
        var store = Open();
        await AddAsync(store, "done", "failed", "cancelled", "first", "second");
        await AddAsync(store, New("urgent", JobPriority.High));
        foreach (var job in await store.ClaimAsync(["done", "failed"], Here, Cancellation))
            await AppliedAsync(store, job.Id, job.Attempt, job.Id == "done" ? Succeed : Fail);
        await CommitAsync(store, "cancelled", null, Cancel);
        Job[] before = [await JobAsync(store, "done"), await JobAsync(store, "failed"), await JobAsync(store, "cancelled")];
        var events = await EventsAsync(store, "done");

        store = Reopen(store);
        Assert.Equal(["urgent", "first", "second"], (await store.WaitingAsync(9, 0, Cancellation)).Select(job => job.Id));
        foreach (var job in before) Same.Job(job, await JobAsync(store, job.Id));
        Same.Job(before[0], (await store.WaitAsync("done", Cancellation))!);
        Assert.Equal(events, await EventsAsync(store, "done"));
        Assert.Single(await EventsAsync(store, "done", events[^2].Version));
        Assert.Equal(["urgent", "second", "first", "failed", "done", "cancelled"],
            (await store.ListAsync(new JobQuery(null, 9), Cancellation)).Jobs.Select(job => job.Id));
        Assert.Equal(["done"], (await store.ListAsync(new JobQuery(JobState.Succeeded, 9), Cancellation)).Jobs.Select(job => job.Id));
        Assert.IsType<CommitOutcome.NotApplicable>(await CommitAsync(store, "done", null, Cancel));
        await AddAsync(store, "third");
        Assert.Equal(["urgent", "first", "second", "third"], (await ClaimAsync(store, 9)).Select(job => job.Id));
    }

    [Fact]
    public async Task Reader_who_comes_back_after_a_restart_misses_nothing()
    {
        var store = Open();
        await AddAsync(store, "a");
        var job = (await ClaimAsync(store))[0];
        for (int step = 1; step <= 3; step++)
        {
            await store.ReportAsync("a", job.Attempt, step, null, Cancellation);
            await JobAsync(store, "a"); // told, and never written
        }
        long seen = (await JobAsync(store, "a")).Version;

        store = Reopen(store);
        await store.RecoverAsync(There, Job.DefaultMaxCrashes, Cancellation);
        var again = (await ClaimAsync(store, owner: There))[0];
        await AppliedAsync(store, "a", again.Attempt, Succeed);
        Assert.Equal([JobEventKind.Queued, JobEventKind.Started, JobEventKind.Succeeded], (await EventsAsync(store, "a", seen)).Select(one => one.Kind));
    }

    [Fact]
    public async Task Job_that_kills_two_processes_fails_and_is_told_as_finished()
    {
        var store = Open();
        await AddAsync(store, "a");
        for (int death = 1; death <= Job.DefaultMaxCrashes; death++)
        {
            Assert.Equal(death > 1, Assert.Single(await ClaimAsync(store, owner: new JobOwner($"{death}", Here.Lease))).RunsAlone);
            store = Reopen(store);
            var finished = new List<Job>();
            store.Finished += finished.Add;
            await store.RecoverAsync(There, Job.DefaultMaxCrashes, Cancellation);
            Assert.Equal(death == Job.DefaultMaxCrashes ? 1 : 0, finished.Count);
        }
        Assert.Equal(JobFailureKind.WorkerCrashed, (await JobAsync(store, "a")).Failure!.Kind);
    }

    [Fact]
    public async Task Limits_count_what_an_earlier_process_left()
    {
        var store = Open(maxQueued: 2);
        await AddAsync(store, "a", "b");
        store = Reopen(store);
        Assert.IsType<AddOutcome.QueueFull>(await TryAddAsync(store, New("c")));
    }

    [Fact]
    public async Task Finished_jobs_beyond_those_in_memory_are_read_from_the_disk()
    {
        var store = Open(maxQueued: 1000);
        const int jobs = 300;
        for (int i = 0; i < jobs; i++)
        {
            await AddAsync(store, New($"{i:D3}", at: Noon.AddSeconds(i)));
            await CommitAsync(store, $"{i:D3}", null, i % 2 == 0 ? Cancel : Fail);
        }
        Assert.Equal(JobState.Cancelled, (await JobAsync(store, "000")).State);
        Assert.Equal([JobEventKind.Queued, JobEventKind.Cancelled], (await EventsAsync(store, "000")).Select(one => one.Kind));
        Assert.IsType<CommitOutcome.NotApplicable>(await CommitAsync(store, "000", null, Cancel));
        var seen = new List<string>();
        for (JobPlace? after = null; ;)
        {
            var page = await store.ListAsync(new JobQuery(JobState.Failed, 40, after), Cancellation);
            seen.AddRange(page.Jobs.Select(job => job.Id));
            if ((after = page.Next) is null) break;
        }
        Assert.Equal(Enumerable.Range(0, jobs).Where(i => i % 2 == 1).Reverse().Select(i => $"{i:D3}"), seen);
        Assert.IsType<PurgeOutcome.Purged>(await store.PurgeAsync("000", Cancellation));
        Assert.Null(await store.FindAsync("000", Cancellation));
        Assert.Equal(["001", "002"], (await store.SweepAsync(Noon.AddDays(1), 2, Cancellation)).Select(job => job.Id));
    }
}
