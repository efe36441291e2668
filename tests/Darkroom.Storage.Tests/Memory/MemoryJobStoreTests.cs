using Darkroom.Engine.Jobs;
using Darkroom.Storage.Memory;

namespace Darkroom.Storage.Tests.Memory;

public sealed class MemoryJobStoreTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Full_store_refuses_and_a_claim_makes_room()
    {
        var store = new MemoryJobStore(maxQueued: 1);
        Assert.True(await store.AddAsync(New("a"), Cancellation));
        Assert.False(await store.AddAsync(New("b"), Cancellation));
        Assert.Single(await ClaimAsync(store, 5));
        Assert.True(await store.AddAsync(New("c"), Cancellation));
    }

    [Fact]
    public async Task Claims_come_by_priority_then_by_age()
    {
        var store = new MemoryJobStore(10);
        foreach (var (id, priority) in new[]
            { ("low", JobPriority.Low), ("first", JobPriority.Normal), ("second", JobPriority.Normal), ("high", JobPriority.High) })
            await store.AddAsync(New(id, priority), Cancellation);
        Assert.Equal(["high", "first"], (await ClaimAsync(store, 2)).Select(job => job.Id));
        Assert.Equal(["second", "low"], (await ClaimAsync(store, 9)).Select(job => job.Id));
    }

    [Fact]
    public async Task Cancelled_while_waiting_is_never_claimed_and_frees_its_place()
    {
        var store = new MemoryJobStore(1);
        await store.AddAsync(New("a"), Cancellation);
        Assert.Equal(JobState.Cancelled, (await store.CommitAsync("a", null, new JobCommand.Cancel(), Noon, Cancellation))!.State);
        Assert.Equal(0, await store.CountQueuedAsync(Cancellation));
        Assert.Empty(await ClaimAsync(store, 1));
    }

    [Fact]
    public async Task Commit_of_an_earlier_claim_is_refused()
    {
        var store = new MemoryJobStore(10);
        await store.AddAsync(New("a"), Cancellation);
        var first = (await ClaimAsync(store, 1))[0];
        await store.CommitAsync("a", first.Attempt, new JobCommand.Release(), Noon, Cancellation);
        var second = (await ClaimAsync(store, 1))[0];
        Assert.Null(await store.CommitAsync("a", first.Attempt, new JobCommand.Advance(1), Noon, Cancellation));
        Assert.NotNull(await store.CommitAsync("a", second.Attempt, new JobCommand.Advance(1), Noon, Cancellation));
    }

    [Fact]
    public async Task Released_job_keeps_its_place_before_younger_ones()
    {
        var store = new MemoryJobStore(10);
        await store.AddAsync(New("old"), Cancellation);
        await store.AddAsync(New("young"), Cancellation);
        var old = (await ClaimAsync(store, 1))[0];
        await store.CommitAsync("old", old.Attempt, new JobCommand.Release(), Noon, Cancellation);
        Assert.Equal("old", (await ClaimAsync(store, 1))[0].Id);
    }

    [Fact]
    public async Task Late_reader_gets_the_newest_progress_and_the_end()
    {
        var store = new MemoryJobStore(10);
        await store.AddAsync(New("a"), Cancellation);
        var job = (await ClaimAsync(store, 1))[0];
        for (int step = 1; step <= 4; step++)
            await store.CommitAsync("a", job.Attempt, new JobCommand.Advance(step), Noon, Cancellation);
        await store.CommitAsync("a", job.Attempt, new JobCommand.Fail(new(JobFailureKind.NonFinite, "x")), Noon, Cancellation);

        var events = new List<JobEvent>();
        await foreach (var one in store.EventsAsync("a", 0, Cancellation)) events.Add(one);
        Assert.Equal([JobEventKind.Queued, JobEventKind.Started, JobEventKind.Progress, JobEventKind.Failed], events.Select(one => one.Kind));
        Assert.Equal(4, events[2].Progress.Step);
        Assert.Equal(events.Select(one => one.Version).Order(), events.Select(one => one.Version));
    }

    [Fact]
    public async Task Waiting_reader_is_woken_by_every_change_and_ends_with_the_job()
    {
        var store = new MemoryJobStore(10);
        await store.AddAsync(New("a"), Cancellation);
        var kinds = new List<JobEventKind>();
        var reading = Task.Run(async () =>
        {
            await foreach (var one in store.EventsAsync("a", 0, Cancellation)) kinds.Add(one.Kind);
        }, Cancellation);
        var job = (await ClaimAsync(store, 1))[0];
        await store.CommitAsync("a", job.Attempt, new JobCommand.Cancel(), Noon, Cancellation);
        await reading.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        Assert.Equal(JobEventKind.Cancelled, kinds[^1]);
    }

    [Fact]
    public async Task Reported_steps_reach_a_waiting_reader_one_by_one_and_a_late_one_as_the_newest()
    {
        var store = new MemoryJobStore(10);
        await store.AddAsync(New("a"), Cancellation);
        var job = (await ClaimAsync(store, 1))[0];
        await store.ReportAsync("a", job.Attempt, 1, null, Noon, Cancellation);
        await store.ReportAsync("a", job.Attempt, 2, null, Noon.AddSeconds(1), Cancellation);

        var events = store.EventsAsync("a", 0, Cancellation).GetAsyncEnumerator(Cancellation);
        foreach (var kind in new[] { JobEventKind.Queued, JobEventKind.Started, JobEventKind.Progress })
        {
            Assert.True(await events.MoveNextAsync());
            Assert.Equal(kind, events.Current.Kind);
        }
        Assert.Equal((2, Noon.AddSeconds(1)), (events.Current.Progress.Step, events.Current.At));
        for (int step = 3; step <= 4; step++)
        {
            var next = events.MoveNextAsync().AsTask();
            await store.ReportAsync("a", job.Attempt, step, null, Noon.AddSeconds(step), Cancellation);
            Assert.True(await next);
            Assert.Equal(step, events.Current.Progress.Step);
        }
        await store.CommitAsync("a", job.Attempt, new JobCommand.Fail(new(JobFailureKind.NonFinite, "x")), Noon, Cancellation);
        Assert.True(await events.MoveNextAsync());
        Assert.False(await events.MoveNextAsync());
        await events.DisposeAsync();
    }

    [Fact]
    public async Task Reported_steps_that_nobody_saw_still_tell_the_pace()
    {
        var store = new MemoryJobStore(10);
        await store.AddAsync(New("a"), Cancellation);
        var job = (await ClaimAsync(store, 1))[0];
        for (int step = 1; step <= 3; step++) await store.ReportAsync("a", job.Attempt, step, null, Noon.AddSeconds(2 * step), Cancellation);
        await store.ReportAsync("a", job.Attempt, 2, null, Noon.AddSeconds(99), Cancellation);
        await store.ReportAsync("a", job.Attempt + 1, 4, null, Noon.AddSeconds(99), Cancellation);
        var found = (await store.FindAsync("a", Cancellation))!;
        Assert.Equal((3, 2.0), (found.Progress.Step, found.Progress.Pace!.Value.SecondsPerStep));
        Assert.Same(found, await store.FindAsync("a", Cancellation));
    }

    [Fact]
    public async Task Claim_holds_until_the_job_ends_or_is_claimed_again()
    {
        var store = new MemoryJobStore(10);
        await store.AddAsync(New("a"), Cancellation);
        Assert.False(await store.HoldsAsync("a", 0, Cancellation));
        var first = (await ClaimAsync(store, 1))[0];
        Assert.True(await store.HoldsAsync("a", first.Attempt, Cancellation));
        await store.CommitAsync("a", first.Attempt, new JobCommand.Release(), Noon, Cancellation);
        var second = (await ClaimAsync(store, 1))[0];
        Assert.False(await store.HoldsAsync("a", first.Attempt, Cancellation));
        Assert.True(await store.HoldsAsync("a", second.Attempt, Cancellation));
        await store.CommitAsync("a", null, new JobCommand.Cancel(), Noon, Cancellation);
        Assert.False(await store.HoldsAsync("a", second.Attempt, Cancellation));
        Assert.False(await store.HoldsAsync("b", 1, Cancellation));
    }

    [Fact]
    public async Task Unknown_job_has_no_events_and_cannot_be_changed()
    {
        var store = new MemoryJobStore(10);
        Assert.Null(await store.FindAsync("a", Cancellation));
        Assert.Null(await store.CommitAsync("a", null, new JobCommand.Cancel(), Noon, Cancellation));
        await foreach (var one in store.EventsAsync("a", 0, Cancellation)) Assert.Fail($"{one}");
    }

    [Fact]
    public async Task Finished_jobs_are_forgotten_beyond_the_number_kept()
    {
        var store = new MemoryJobStore(10, keptFinished: 2);
        foreach (string id in new[] { "a", "b", "c" })
        {
            await store.AddAsync(New(id), Cancellation);
            await store.CommitAsync(id, null, new JobCommand.Cancel(), Noon, Cancellation);
        }
        Assert.Null(await store.FindAsync("a", Cancellation));
        Assert.NotNull(await store.FindAsync("c", Cancellation));
    }

    [Fact]
    public async Task List_is_newest_first_and_goes_on_where_it_stopped_though_that_job_is_forgotten()
    {
        var store = new MemoryJobStore(10, keptFinished: 1);
        for (int i = 0; i < 5; i++) await store.AddAsync(New($"{i}", at: Noon.AddSeconds(i)), Cancellation);
        var first = await store.ListAsync(new JobQuery(null, 2), Cancellation);
        Assert.Equal(["4", "3"], first.Jobs.Select(job => job.Id));
        foreach (string id in new[] { "3", "2" }) await store.CommitAsync(id, null, new JobCommand.Cancel(), Noon, Cancellation);
        Assert.Null(await store.FindAsync("3", Cancellation));
        var second = await store.ListAsync(new JobQuery(null, 2, first.Next), Cancellation);
        Assert.Equal(["2", "1"], second.Jobs.Select(job => job.Id));
        var last = await store.ListAsync(new JobQuery(null, 2, second.Next), Cancellation);
        Assert.Equal(("0", null), (Assert.Single(last.Jobs).Id, last.Next));
        Assert.Equal(["2"], (await store.ListAsync(new JobQuery(JobState.Cancelled, 9), Cancellation)).Jobs.Select(job => job.Id));
        Assert.Empty((await store.ListAsync(new JobQuery(null, 9, new JobPlace(Noon.AddSeconds(-1), "")), Cancellation)).Jobs);
        Assert.Empty((await new MemoryJobStore(1).ListAsync(new JobQuery(null, 9, first.Next), Cancellation)).Jobs);
    }

    [Fact]
    public async Task Jobs_of_one_moment_are_all_listed_once()
    {
        var store = new MemoryJobStore(100);
        for (int i = 0; i < 20; i++) await store.AddAsync(New($"{i}"), Cancellation);
        var seen = new List<string>();
        for (JobPlace? after = null; ;)
        {
            var page = await store.ListAsync(new JobQuery(null, 3, after), Cancellation);
            seen.AddRange(page.Jobs.Select(job => job.Id));
            if ((after = page.Next) is null) break;
        }
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}").Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Those_ahead_are_the_waiting_jobs_that_are_claimed_earlier()
    {
        var store = new MemoryJobStore(10);
        foreach (var (id, priority) in new[]
            { ("running", JobPriority.High), ("low", JobPriority.Low), ("first", JobPriority.Normal), ("second", JobPriority.Normal) })
            await store.AddAsync(New(id, priority), Cancellation);
        await ClaimAsync(store, 1);
        Assert.Equal(new QueueAhead(0, 0), await store.AheadAsync("first", Cancellation));
        Assert.Equal(new QueueAhead(1, 4), await store.AheadAsync("second", Cancellation));
        Assert.Equal(new QueueAhead(2, 8), await store.AheadAsync("low", Cancellation));
        Assert.Null(await store.AheadAsync("running", Cancellation));
        Assert.Null(await store.AheadAsync("nothing", Cancellation));
    }

    private static JobTransition New(string id, JobPriority priority = JobPriority.Normal, DateTimeOffset? at = null) => Job.Admit(id, new GenerationRequest
    {
        Task = GenerationTask.Txt2img, Model = "m", Prompt = "p", Width = 64, Height = 64, Steps = 4, GuidanceScale = 1, Seed = 1, Priority = priority,
    }, [], at ?? Noon);

    /// <summary>Claims the first of those that wait.</summary>
    private static async Task<IReadOnlyList<Job>> ClaimAsync(MemoryJobStore store, int limit) =>
        await store.ClaimAsync([.. (await store.WaitingAsync(limit, Cancellation)).Select(job => job.Id)], Noon, Cancellation);
}
