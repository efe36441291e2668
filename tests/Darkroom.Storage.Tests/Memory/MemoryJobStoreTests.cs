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
        foreach (var (id, priority) in new[] { ("low", JobPriority.Low), ("first", JobPriority.Normal), ("second", JobPriority.Normal), ("high", JobPriority.High) })
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

    private static JobTransition New(string id, JobPriority priority = JobPriority.Normal) => Job.Admit(id, new GenerationRequest
    {
        Task = GenerationTask.Txt2img, Model = "m", Prompt = "p", Width = 64, Height = 64, Steps = 4, GuidanceScale = 1, Seed = 1, Priority = priority,
    }, [], Noon);

    /// <summary>Claims the first of those that wait.</summary>
    private static async Task<IReadOnlyList<Job>> ClaimAsync(MemoryJobStore store, int limit) =>
        await store.ClaimAsync([.. (await store.WaitingAsync(limit, Cancellation)).Select(job => job.Id)], Noon, Cancellation);
}
