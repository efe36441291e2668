using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Engine.Tests.Execution;

/// <summary>The loop's life: how it starts, what it survives, and how it stops.</summary>
public sealed class EngineServiceTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private static readonly GenerationRequest Long = Requests.Plain with { Steps = 100_000, Sampler = "euler" };

    [Fact]
    public async Task Stop_lets_jobs_in_flight_finish_and_fails_those_that_wait()
    {
        using var engine = new EngineHarness(options: new EngineOptions { MaxBatch = 1 });
        await using var service = engine.Service();
        using var gate = new ManualResetEventSlim();
        engine.Model.Before = _ => gate.Wait(Cancellation);
        await service.StartAsync(Cancellation);
        var runs = await engine.SubmitAsync(Requests.Plain);
        await UntilAsync(async () => (await engine.JobAsync(runs.Id)).State == JobState.Running);
        var waits = await engine.SubmitAsync(Requests.Plain with { Steps = 100 });
        engine.Lifetime.Stop();
        gate.Set();
        await service.StopAsync(Cancellation);
        Assert.Equal(JobState.Succeeded, (await engine.JobAsync(runs.Id)).State);
        Assert.Equal(JobFailureKind.ShuttingDown, (await engine.JobAsync(waits.Id)).Failure?.Kind);
    }

    [Fact]
    public async Task Stop_without_patience_ends_jobs_at_their_next_step()
    {
        using var engine = new EngineHarness();
        await using var service = engine.Service();
        await service.StartAsync(Cancellation);
        var job = await engine.SubmitAsync(Long);
        await UntilAsync(async () => (await engine.JobAsync(job.Id)).Progress.Step > 3);
        using var patience = new CancellationTokenSource();
        await patience.CancelAsync();
        await service.StopAsync(patience.Token);
        Assert.Equal(JobFailureKind.ShuttingDown, (await engine.JobAsync(job.Id)).Failure?.Kind);
        Assert.Equal((0, 0), (engine.Active.Jobs.Count, engine.Active.Rows.Count));
    }

    [Fact]
    public async Task Job_that_a_dead_process_held_runs_again_here()
    {
        using var engine = new EngineHarness();
        var dead = new JobOwner("dead", TimeSpan.FromSeconds(30));
        var job = await engine.SubmitAsync(Requests.Plain);
        Assert.Single(await engine.Store.ClaimAsync([job.Id], dead, Cancellation));
        engine.Clock.Move(TimeSpan.FromSeconds(31));
        await using var service = engine.Service();
        await service.StartAsync(Cancellation);
        var done = (await engine.Store.WaitAsync(job.Id, Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancellation))!;
        Assert.Equal((JobState.Succeeded, 2, 1), (done.State, done.Attempt, done.LostClaims));
        await service.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Store_that_cannot_be_reached_costs_the_jobs_in_flight_and_nothing_after_them()
    {
        FaultyStore? store = null;
        using var engine = new EngineHarness(store: real => store = new FaultyStore(real));
        await using var service = engine.Service();
        await service.StartAsync(Cancellation);
        var lost = await engine.SubmitAsync(Long);
        await UntilAsync(async () => (await engine.JobAsync(lost.Id)).Progress.Step > 3);
        store!.IsDown = true;
        await UntilAsync(() => Task.FromResult(store.Faults >= 2)); // the jobs cannot be given up either
        int faults = store.Faults;
        await Task.Delay(300, Cancellation);
        Assert.InRange(store.Faults, faults, faults + 2); // it waits between its tries
        Assert.Equal(JobState.Running, (await engine.JobAsync(lost.Id)).State);

        store.IsDown = false;
        var next = await engine.SubmitAsync(Requests.Plain);
        var done = (await engine.Store.WaitAsync(next.Id, Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancellation))!;
        Assert.Equal(JobState.Succeeded, done.State);
        Assert.Equal(JobFailureKind.Internal, (await engine.JobAsync(lost.Id)).Failure?.Kind);
        await service.StopAsync(Cancellation);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (int wait = 0; !await condition(); wait++)
        {
            Assert.True(wait < 2000, "It did not come about in time.");
            await Task.Delay(10, Cancellation);
        }
    }
}
