using System.Collections.Concurrent;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Tests.Contract;

namespace Darkroom.Storage.Tests.Postgres;

/// <summary>Two processes on one database: what one does, the other sees.</summary>
public sealed class SharedQueueTests : StoreContract<PostgresStore>, IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly List<IAsyncDisposable> others = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var other in others) await other.DisposeAsync();
        Dispose();
    }

    [Fact]
    public async Task Job_that_one_admits_the_other_claims_and_who_waits_at_the_first_learns_the_end()
    {
        var (api, worker) = OpenTwo();
        await AddAsync(api, "a");
        var waiting = api.WaitAsync("a", Cancellation).AsTask();
        var events = EventsAsync(api, "a");
        await UntilAsync(async () => (await worker.WaitingAsync(9, 0, Cancellation)).Count == 1);
        var job = Assert.Single(await ClaimAsync(worker, owner: There));
        for (int step = 1; step <= 4; step++)
        {
            await worker.ReportAsync("a", job.Attempt, step, null, Cancellation);
            await Task.Delay(300, Cancellation); // steps are told four times a second at most
        }
        await AppliedAsync(worker, "a", job.Attempt, Succeed);
        Assert.Equal(JobState.Succeeded, (await waiting.WaitAsync(Soon, Cancellation))!.State);
        var told = await events.WaitAsync(Soon, Cancellation);
        Assert.Equal([JobEventKind.Queued, JobEventKind.Started], told.Take(2).Select(one => one.Kind));
        Assert.InRange(told.Count(one => one.Kind == JobEventKind.Progress), 2, 4);
        Assert.Equal(JobEventKind.Succeeded, told[^1].Kind);
        Assert.Equal(told.Select(one => one.Version).Distinct().Order(), told.Select(one => one.Version));
    }

    [Fact]
    public async Task Job_that_one_is_told_to_finish_early_the_other_which_holds_it_finishes_early()
    {
        var (api, worker) = OpenTwo();
        await AddAsync(api, "a");
        await UntilAsync(async () => (await worker.WaitingAsync(9, 0, Cancellation)).Count == 1);
        var job = Assert.Single(await ClaimAsync(worker, owner: There));
        JobClaim[] claims = [new(job.Id, job.Attempt)];
        Assert.Empty(worker.EarlyFinishesOf(claims));
        await worker.ReportAsync("a", job.Attempt, 2, null, Cancellation);
        await AppliedAsync(api, "a", null, new JobCommand.FinishEarly(PictureSet.All));
        await UntilAsync(() => Task.FromResult(worker.EarlyFinishesOf(claims) is [{ JobId: "a" }]));
        Assert.Equal(JobState.Succeeded, (await AppliedAsync(worker, "a", job.Attempt, Succeed)).State);
    }

    [Fact]
    public async Task Reader_who_was_cut_off_goes_on_at_another_process_and_misses_nothing()
    {
        var (one, other) = OpenTwo();
        await AddAsync(one, "a");
        var job = (await ClaimAsync(one))[0];
        await one.ReportAsync("a", job.Attempt, 3, null, Cancellation);
        var events = one.EventsAsync("a", 0, Cancellation).GetAsyncEnumerator(Cancellation);
        for (int i = 0; i < 3; i++) Assert.True(await events.MoveNextAsync());
        Assert.Equal((JobEventKind.Progress, 3), (events.Current.Kind, events.Current.Progress.Step));
        long seen = events.Current.Version;
        await events.DisposeAsync();

        // The end lies above all that may have been told.
        await CommitAsync(other, "a", null, Cancel);
        Assert.Equal([JobEventKind.Cancelled], (await EventsAsync(other, "a", seen)).Select(last => last.Kind));
        Assert.Equal([JobEventKind.Cancelled], (await EventsAsync(one, "a", seen)).Select(last => last.Kind));
    }

    [Fact]
    public async Task Cancel_at_one_process_is_a_lost_claim_at_the_other()
    {
        var (api, worker) = OpenTwo();
        int told = 0;
        worker.Changed += () => Interlocked.Increment(ref told);
        await AddAsync(api, "a");
        await UntilAsync(async () => (await ClaimAsync(worker)).Count == 1);
        Assert.True(await HoldsAsync(worker, "a", 1));
        await AppliedAsync(api, "a", null, Cancel);
        await UntilAsync(async () => !await HoldsAsync(worker, "a", 1));
        Assert.True(told > 0);
        Assert.IsType<CommitOutcome.NotApplicable>(await CommitAsync(worker, "a", 1, Succeed));
    }

    [Fact]
    public async Task Worker_that_was_away_longer_than_its_lease_commits_nothing()
    {
        var (one, other) = OpenTwo();
        await AddAsync(one, "a");
        var old = (await ClaimAsync(one, owner: Here))[0];
        Clock.Move(Here.Lease + TimeSpan.FromSeconds(1));
        Assert.Single(await other.RecoverAsync(There, 2, Cancellation));
        var now = (await ClaimAsync(other, owner: There))[0];
        Assert.Equal(old.Attempt + 1, now.Attempt);
        Assert.IsType<CommitOutcome.ClaimLost>(await CommitAsync(one, "a", old.Attempt, Succeed));
        Assert.False(await HoldsAsync(one, "a", old.Attempt, Here));
        await AppliedAsync(other, "a", now.Attempt, Succeed);
        Assert.Equal(1, (await EventsAsync(one, "a")).Count(last => last.Kind == JobEventKind.Succeeded));
    }

    [Fact]
    public async Task Two_processes_never_claim_the_same_job_and_admit_no_more_than_the_limit()
    {
        var (one, other) = OpenTwo(maxQueued: 50);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => TryAddAsync(i % 2 == 0 ? one : other, New($"{i}")).AsTask()));
        Assert.Equal(50, outcomes.OfType<AddOutcome.Added>().Count());
        Assert.Equal(50, outcomes.OfType<AddOutcome.QueueFull>().Count());
        var claimed = new ConcurrentBag<string>();
        await Task.WhenAll(new[] { (one, Here), (other, There) }.Select(async process =>
        {
            while (claimed.Count < 50)
                foreach (var job in await ClaimAsync(process.Item1, 4, process.Item2)) claimed.Add(job.Id);
        })).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal(50, claimed.Distinct().Count());
    }

    [Fact]
    public async Task Jobs_that_were_named_beside_stand_in_for_those_that_others_took()
    {
        var (one, other) = OpenTwo();
        await AddAsync(one, "a", "b", "c", "d");
        await UntilAsync(async () => (await other.WaitingAsync(9, 0, Cancellation)).Count == 4);
        Assert.Equal(["b", "a"], (await one.ClaimAsync(["b", "a", "c"], 2, Here, Cancellation)).Select(job => job.Id));
        Assert.Equal(["c"], (await other.ClaimAsync(["a", "b", "c", "d"], 1, There, Cancellation)).Select(job => job.Id));
        Assert.Equal(["d"], (await other.WaitingAsync(9, 0, Cancellation)).Select(job => job.Id)); // those it found taken are out of sight
        Assert.Equal(["d"], (await other.ClaimAsync(["a", "d"], 2, There, Cancellation)).Select(job => job.Id));
    }

    [Fact]
    public async Task Callers_with_nothing_among_the_first_are_seen_before_the_oldest_of_others()
    {
        var store = Open(maxQueued: 100);
        for (int i = 0; i < 20; i++) await AddAsync(store, New($"many {i:D2}", caller: "many"));
        await AddAsync(store, New("few 1", caller: "few"));
        await AddAsync(store, New("few 2", caller: "few"));
        await AddAsync(store, New("third", caller: "third"));
        Assert.Equal(["many 00", "many 01", "few 1", "third", "many 02", "many 03"],
            (await store.WaitingAsync(2, 4, Cancellation)).Select(job => job.Id));
        Assert.Equal(["many 00", "many 01", "few 1", "few 2", "third", "many 02", "many 03", "many 04", "many 05", "many 06"],
            (await store.WaitingAsync(2, 8, Cancellation)).Select(job => job.Id));
    }

    [Fact]
    public async Task Limit_holds_to_the_job_though_others_admit_end_and_give_back()
    {
        var (one, other) = OpenTwo(maxQueued: 6);
        for (int i = 0; i < 3; i++)
        {
            await AddAsync(one, $"one {i}");
            await AddAsync(other, $"other {i}");
        }
        Assert.IsType<AddOutcome.QueueFull>(await TryAddAsync(one, New("too many")));
        var claimed = await ClaimAsync(other, 2);
        await AddAsync(one, "fits 1");
        await AddAsync(one, "fits 2");
        Assert.IsType<AddOutcome.QueueFull>(await TryAddAsync(one, New("too many")));
        foreach (var job in claimed) await AppliedAsync(other, job.Id, job.Attempt, Release); // more wait now than may be admitted
        Assert.IsType<AddOutcome.QueueFull>(await TryAddAsync(other, New("too many")));
        foreach (var job in await ClaimAsync(other, 3)) await AppliedAsync(other, job.Id, job.Attempt, Succeed);
        Assert.Equal(5, await one.CountQueuedAsync(Cancellation));
        await AddAsync(one, "fits 3");
        Assert.IsType<AddOutcome.QueueFull>(await TryAddAsync(other, New("too many")));
    }

    [Fact]
    public async Task One_key_at_two_processes_is_one_job()
    {
        var (one, other) = OpenTwo(maxQueued: 200);
        var terms = Terms with { Key = new IdempotencyKey("key", "body") };
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            (i % 2 == 0 ? one : other).AddAsync(New($"{i}"), terms, Cancellation).AsTask()));
        Assert.Single(outcomes.OfType<AddOutcome.Added>());
        Assert.Equal(99, outcomes.OfType<AddOutcome.Replayed>().Count());
        Assert.Equal(1, await one.CountQueuedAsync(Cancellation));
    }

    [Fact]
    public async Task Pause_and_order_are_the_same_for_all()
    {
        var (one, other) = OpenTwo();
        await AddAsync(one, "first", "second");
        await one.SetPausedAsync(true, Cancellation);
        Assert.Empty(await other.ClaimAsync(["first"], There, Cancellation));
        await UntilAsync(() => Task.FromResult(other.IsPaused));
        await AppliedAsync(other, "second", null, new JobCommand.Prioritise(JobPriority.High));
        await other.SetPausedAsync(false, Cancellation);
        await UntilAsync(() => Task.FromResult(!one.IsPaused));
        await UntilAsync(async () => (await one.WaitingAsync(9, 0, Cancellation)).Select(job => job.Id).SequenceEqual(["second", "first"]));
    }

    [Fact]
    public async Task End_is_told_in_the_process_that_brought_it_and_in_no_other()
    {
        var (one, other) = OpenTwo();
        var (here, there) = (new List<string>(), new List<string>());
        one.Finished += job => here.Add(job.Id);
        other.Finished += job => there.Add(job.Id);
        await AddAsync(one, "a", "b");
        await AppliedAsync(one, "a", null, Cancel);
        await AppliedAsync(other, "b", null, Cancel);
        Assert.Equal(["a"], here);
        Assert.Equal(["b"], there);
    }

    private (IJobStore One, IJobStore Other) OpenTwo(int maxQueued = 10)
    {
        var one = Open(maxQueued);
        var other = PostgresStore.Beside(one);
        others.Add(other);
        return (one, other);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Soon);
        while (!await isSo()) await Task.Delay(20, patience.Token);
    }
}
