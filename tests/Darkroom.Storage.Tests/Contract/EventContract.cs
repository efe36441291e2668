using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Tests.Contract;

/// <summary>Events and progress: readers miss nothing that matters, and above all not the end.</summary>
public abstract class EventContract<TStore> : StoreContract<TStore> where TStore : IStoreUnderTest, new()
{
    [Fact]
    public async Task Late_reader_gets_the_newest_progress_and_the_end()
    {
        var store = Open();
        await AddAsync(store, "a");
        var job = (await ClaimAsync(store))[0];
        for (int step = 1; step <= 4; step++)
        {
            await store.ReportAsync("a", job.Attempt, step, null, Cancellation);
            await JobAsync(store, "a"); // somebody looks, so that nothing is kept back
        }
        await AppliedAsync(store, "a", job.Attempt, Fail);

        var events = await EventsAsync(store, "a");
        Assert.Equal([JobEventKind.Queued, JobEventKind.Started, JobEventKind.Progress, JobEventKind.Failed], events.Select(one => one.Kind));
        Assert.Equal(4, events[2].Progress.Step);
        Assert.Equal(events.Select(one => one.Version).Distinct().Order(), events.Select(one => one.Version));
        Assert.Equal([JobEventKind.Failed], (await EventsAsync(store, "a", events[2].Version)).Select(one => one.Kind));
        Assert.Empty(await EventsAsync(store, "a", events[3].Version));
    }

    [Fact]
    public async Task Waiting_reader_is_woken_by_every_change_and_ends_with_the_job()
    {
        var store = Open();
        await AddAsync(store, "a");
        var reading = EventsAsync(store, "a");
        var job = (await ClaimAsync(store))[0];
        await CommitAsync(store, "a", job.Attempt, Cancel);
        Assert.Equal([JobEventKind.Queued, JobEventKind.Started, JobEventKind.Cancelled], (await InTimeAsync(reading)).Select(one => one.Kind));
    }

    [Fact]
    public async Task Reported_steps_reach_a_waiting_reader_one_by_one_and_a_late_one_as_the_newest()
    {
        var store = Open();
        await AddAsync(store, "a");
        var job = (await ClaimAsync(store))[0];
        await store.ReportAsync("a", job.Attempt, 1, null, Cancellation);
        Clock.Move(TimeSpan.FromSeconds(1));
        await store.ReportAsync("a", job.Attempt, 2, null, Cancellation);

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
            await store.ReportAsync("a", job.Attempt, step, null, Cancellation);
            Assert.True(await InTimeAsync(next));
            Assert.Equal(step, events.Current.Progress.Step);
        }
        await CommitAsync(store, "a", job.Attempt, Fail);
        Assert.True(await events.MoveNextAsync());
        Assert.False(await events.MoveNextAsync());
        await events.DisposeAsync();
    }

    [Fact]
    public async Task Reported_steps_that_nobody_saw_still_tell_the_pace()
    {
        var store = Open();
        await AddAsync(store, "a");
        var job = (await ClaimAsync(store))[0];
        for (int step = 1; step <= 3; step++)
        {
            Clock.Move(TimeSpan.FromSeconds(2));
            await store.ReportAsync("a", job.Attempt, step, null, Cancellation);
        }
        Clock.Move(TimeSpan.FromSeconds(90));
        await store.ReportAsync("a", job.Attempt, 2, null, Cancellation);
        await store.ReportAsync("a", job.Attempt + 1, 4, null, Cancellation);
        var found = await JobAsync(store, "a");
        Assert.Equal((3, 2.0), (found.Progress.Step, found.Progress.Pace!.Value.SecondsPerStep));
        Assert.Equal(found, await JobAsync(store, "a"));
    }

    [Fact]
    public async Task Reports_can_tell_how_many_steps_are_wanted()
    {
        var store = Open();
        await AddAsync(store, "a");
        var job = (await ClaimAsync(store))[0];
        await store.ReportAsync("a", job.Attempt, 1, null, Cancellation);
        Assert.Equal((1, 4), await StepsAsync());
        await store.ReportAsync("a", job.Attempt, 2, 9, Cancellation);
        Assert.Equal((2, 9), await StepsAsync());
        await store.ReportAsync("a", job.Attempt, 12, null, Cancellation); // never more done than wanted
        Assert.Equal((12, 12), await StepsAsync());

        async Task<(int, int)> StepsAsync() => ((await JobAsync(store, "a")).Progress.Step, (await JobAsync(store, "a")).Progress.Steps);
    }

    [Fact]
    public async Task Reader_learns_the_end_of_a_job_that_is_forgotten_at_once()
    {
        var store = Open();
        await AddAsync(store, "a");
        var events = store.EventsAsync("a", 0, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await events.MoveNextAsync());
        var end = events.MoveNextAsync().AsTask();
        var waiting = store.WaitAsync("a", Cancellation).AsTask();
        await CommitAsync(store, "a", null, Cancel);
        Assert.IsType<PurgeOutcome.Purged>(await store.PurgeAsync("a", Cancellation));
        Assert.Null(await store.FindAsync("a", Cancellation));
        Assert.True(await InTimeAsync(end));
        Assert.Equal(JobEventKind.Cancelled, events.Current.Kind);
        Assert.False(await InTimeAsync(events.MoveNextAsync().AsTask()));
        await events.DisposeAsync();
        Assert.Equal(JobState.Cancelled, (await InTimeAsync(waiting))!.State);
    }

    private static Task<T> InTimeAsync<T>(Task<T> task) => task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
}
