using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Tests.Execution;

/// <summary>A store whose disk is full for a while fails no job: what was made is kept, and told when there is room.</summary>
public sealed class FullDiskTests : IDisposable
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly EngineHarness engine;
    private readonly ManualResetEventSlim gate = new(), never = new();
    private FaultyStore? store;

    public FullDiskTests()
    {
        engine = new EngineHarness(store: real => store = new FaultyStore(real));
        engine.Model.Before = _ =>
        {
            gate.Wait(Cancellation);
            never.Wait(1, Cancellation); // steps that take no time at all would end before the disk has room
        };
    }

    public void Dispose()
    {
        engine.Dispose();
        gate.Dispose();
        never.Dispose();
    }

    [Fact]
    public async Task A_finished_job_is_committed_when_there_is_room_and_its_neighbours_go_on()
    {
        await using var service = engine.Service();
        await service.StartAsync(Cancellation);
        var neighbour = await engine.SubmitAsync(Requests.Plain with { Steps = 100_000, Sampler = "euler" });
        var job = await engine.SubmitAsync(Requests.Plain);
        await UntilAsync(async () => await IsRunningAsync(neighbour) && await IsRunningAsync(job));
        store!.FullWrites = 2;
        gate.Set();
        await UntilAsync(() => Task.FromResult(engine.Lifetime.StoreIsFull));
        var late = await engine.SubmitAsync(Requests.Plain with { Seed = 2 });
        int step = (await engine.JobAsync(neighbour.Id)).Progress.Step;
        await UntilAsync(async () => (await engine.JobAsync(neighbour.Id)).Progress.Step > step);
        Assert.Equal([JobState.Running, JobState.Queued], [(await engine.JobAsync(job.Id)).State, (await engine.JobAsync(late.Id)).State]);

        foreach (var one in (Job[])[job, late]) await engine.Store.WaitAsync(one.Id, Cancellation).AsTask().WaitAsync(Patience, Cancellation);
        Assert.Single(await engine.HashesAsync(job.Id));
        Assert.Single(await engine.HashesAsync(late.Id));
        Assert.Equal(1, await engine.Store.EventsAsync(job.Id, 0, Cancellation).CountAsync(one => one.Kind == JobEventKind.Succeeded, Cancellation));
        Assert.Equal((2, 0, false), (store.Faults, store.FullWrites, engine.Lifetime.StoreIsFull));
        Assert.True(await IsRunningAsync(neighbour));
        await engine.Queue.CancelAsync(neighbour.Id, Cancellation);
        await service.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_job_that_fails_meanwhile_leaves_the_device_at_once_and_is_told_later()
    {
        await using var service = engine.Service();
        await service.StartAsync(Cancellation);
        var job = await engine.SubmitAsync(Requests.Plain);
        await UntilAsync(async () => await IsRunningAsync(job));
        store!.FullWrites = 1;
        engine.Model.Before = _ => throw new InvalidOperationException("The device is dead.");
        gate.Set();
        await UntilAsync(() => Task.FromResult(engine.Lifetime.StoreIsFull));
        await UntilAsync(() => Task.FromResult(engine.Active.Jobs.Count == 0));
        Assert.True(await IsRunningAsync(job));
        var ended = (await engine.Store.WaitAsync(job.Id, Cancellation).AsTask().WaitAsync(Patience, Cancellation))!;
        Assert.Equal(JobState.Failed, ended.State);
        await service.StopAsync(Cancellation);
    }

    [Fact]
    public async Task What_was_made_is_tried_to_be_written_a_last_time_when_the_engine_stops()
    {
        await using var service = engine.Service();
        await service.StartAsync(Cancellation);
        var job = await engine.SubmitAsync(Requests.Plain);
        await UntilAsync(async () => await IsRunningAsync(job));
        store!.FullWrites = 1;
        gate.Set();
        await UntilAsync(() => Task.FromResult(engine.Lifetime.StoreIsFull));
        engine.Lifetime.Stop();
        engine.Lifetime.Halt();
        await engine.Lifetime.Ended.WaitAsync(Patience, Cancellation);
        Assert.Single(await engine.HashesAsync(job.Id));
        await service.StopAsync(Cancellation);
    }

    private async Task<bool> IsRunningAsync(Job job) => (await engine.JobAsync(job.Id)).State == JobState.Running;

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (int wait = 0; !await condition(); wait++)
        {
            Assert.True(wait < 2000, "It did not come about in time.");
            await Task.Delay(10, Cancellation);
        }
    }
}
