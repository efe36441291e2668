using Darkroom.Engine.Jobs;
using Darkroom.Storage.Sqlite;

namespace Darkroom.Engine.Tests.Execution;

/// <summary>How the engine stops over a store that outlives the process.</summary>
public sealed class DurableStopTests : IDisposable
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-stop-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Halt_gives_jobs_back_at_a_step_and_the_next_process_finishes_them()
    {
        Job runs, waits;
        using (var engine = Engine())
        {
            await using var service = engine.Service();
            await service.StartAsync(Cancellation);
            runs = await engine.SubmitAsync(Requests.Plain with { Steps = 400 });
            engine.Model.Before = _ => Thread.Sleep(1);
            await UntilAsync(async () => (await engine.JobAsync(runs.Id)).Progress.Step > 3);
            await engine.Store.SetPausedAsync(true, Cancellation);
            waits = await engine.SubmitAsync(Requests.Plain);
            engine.Lifetime.Stop();
            Assert.False(engine.Lifetime.Ended.IsCompleted);
            engine.Lifetime.Halt();
            await engine.Lifetime.Ended.WaitAsync(Patience, Cancellation);
            Assert.Equal((0, 0), (engine.Active.Jobs.Count, engine.Active.Rows.Count));
            Assert.Equal([JobState.Queued, JobState.Queued], [(await engine.JobAsync(runs.Id)).State, (await engine.JobAsync(waits.Id)).State]);
            await engine.Store.SetPausedAsync(false, Cancellation);
            await service.StopAsync(Cancellation);
            ((SqliteJobStore)engine.Store).Dispose();
        }
        using var next = Engine();
        await using var again = next.Service();
        await again.StartAsync(Cancellation);
        foreach (var job in (Job[])[runs, waits])
        {
            var done = (await next.Store.WaitAsync(job.Id, Cancellation).AsTask().WaitAsync(Patience, Cancellation))!;
            Assert.Equal((JobState.Succeeded, 0), (done.State, done.LostClaims)); // it was given back, not lost
        }
        await again.StopAsync(Cancellation);
        ((SqliteJobStore)next.Store).Dispose();
    }

    [Fact]
    public async Task Stop_lets_what_runs_finish_and_leaves_what_waits_in_the_queue()
    {
        using var engine = Engine(new EngineOptions { MaxBatch = 1 });
        await using var service = engine.Service();
        using var gate = new ManualResetEventSlim();
        engine.Model.Before = _ => gate.Wait(Cancellation);
        await service.StartAsync(Cancellation);
        var runs = await engine.SubmitAsync(Requests.Plain);
        await UntilAsync(async () => (await engine.JobAsync(runs.Id)).State == JobState.Running);
        var waits = await engine.SubmitAsync(Requests.Plain with { Steps = 100 });
        engine.Lifetime.Stop();
        gate.Set();
        await engine.Lifetime.Ended.WaitAsync(Patience, Cancellation);
        Assert.Equal([JobState.Succeeded, JobState.Queued], [(await engine.JobAsync(runs.Id)).State, (await engine.JobAsync(waits.Id)).State]);
        await service.StopAsync(Cancellation);
        ((SqliteJobStore)engine.Store).Dispose();
    }

    private EngineHarness Engine(EngineOptions? options = null) => new(options: options, store: _ => SqliteJobStore.Open(folder, TimeProvider.System));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (int wait = 0; !await condition(); wait++)
        {
            Assert.True(wait < 2000, "It did not come about in time.");
            await Task.Delay(10, Cancellation);
        }
    }
}
