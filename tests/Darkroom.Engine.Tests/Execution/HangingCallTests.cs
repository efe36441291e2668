using Darkroom.Engine.Jobs;
using Darkroom.Models.Families;
using Darkroom.Models.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Engine.Tests.Execution;

/// <summary>Calls that do not return, in the engine.</summary>
public sealed class HangingCallTests
{
    private static readonly EngineOptions Hasty = new()
    {
        Target = Darkroom.Engine.Scheduling.SchedulingTarget.Throughput, CallTimeout = TimeSpan.FromSeconds(1),
    };

    private static string Guilty { get; } = new('x', 60);

    [Fact]
    public async Task Guilty_row_fails_alone_and_its_neighbours_get_their_pictures()
    {
        var model = new ScriptedModel { Before = rows => HangAt(rows) };
        using var engine = new EngineHarness(model, Hasty);
        var bad = await engine.SubmitAsync(Requests.Plain with { Prompt = Guilty, Count = 3 });
        var good = await engine.SubmitAsync(Requests.Plain with { Seed = 3, Steps = 6 });
        await DriveAsync(engine);
        var failure = (await engine.JobAsync(bad.Id)).Failure!;
        Assert.Equal(JobFailureKind.DeviceFailed, failure.Kind);
        Assert.Contains("within the time that a call may take", failure.Detail, StringComparison.Ordinal);
        Assert.Equal(await AloneAsync(3), await engine.HashesAsync(good.Id));
        // After the shared call, and after one of the guilty job's rows: the job's other rows are not tried.
        Assert.Equal(["denoiser", "denoiser"], model.Rebuilt);
    }

    [Fact]
    public async Task Call_that_nobody_waits_for_any_more_is_stopped_and_its_session_is_kept()
    {
        using var begun = new ManualResetEventSlim();
        var model = new ScriptedModel();
        model.Before = rows =>
        {
            begun.Set();
            HangAt(rows);
        };
        using var engine = new EngineHarness(model);
        var bad = await engine.SubmitAsync(Requests.Plain with { Prompt = Guilty });
        var driving = Task.Run(() => DriveAsync(engine), TestContext.Current.CancellationToken);
        begun.Wait(TestContext.Current.CancellationToken);
        await engine.Store.CommitAsync(bad.Id, null, new JobCommand.Cancel(), TestContext.Current.CancellationToken);
        await driving;
        Assert.Equal(JobState.Cancelled, (await engine.JobAsync(bad.Id)).State);
        Assert.Empty(model.Rebuilt);
        var good = await engine.SubmitAsync(Requests.Plain with { Seed = 3, Steps = 6 });
        await DriveAsync(engine);
        Assert.Equal(await AloneAsync(3), await engine.HashesAsync(good.Id));
    }

    [Fact]
    public async Task Call_keeps_its_part_in_memory_though_its_job_left()
    {
        using ManualResetEventSlim begun = new(), ends = new();
        var model = new ScriptedModel();
        model.Before = _ =>
        {
            begun.Set();
            ends.Wait(TestContext.Current.CancellationToken);
        };
        using var engine = new EngineHarness(model);
        var job = await engine.SubmitAsync(Requests.Plain);
        while (!begun.IsSet) await TickAsync(engine);
        var row = engine.Active.Rows[0];
        await engine.Store.CommitAsync(job.Id, null, new JobCommand.Cancel(), TestContext.Current.CancellationToken);
        while (engine.Active.Jobs.Count > 0) await TickAsync(engine);
        // Let go of now, the part could leave before the call takes it; the call would then wait on the device's thread for room that others give back only
        // when that thread has served them.
        Assert.Equal((true, true), (row.IsBusy, row.Hold.IsHeld));
        ends.Set();
        while (row.IsBusy) await TickAsync(engine);
        Assert.False(row.Hold.IsHeld);
    }

    [Fact]
    public async Task Device_that_does_not_come_back_is_given_up_and_jobs_outside_the_call_begin_again_on_another()
    {
        using var never = new ManualResetEventSlim();
        var model = new ScriptedModel { Before = rows => HangAt(rows, never) };
        using var engine = new EngineHarness(model, Hasty with { MaxBatch = 1 }, deviceCount: 2);
        var bad = await engine.SubmitAsync(Requests.Plain with { Prompt = Guilty });
        var others = new List<Job>();
        for (int i = 0; i < 4; i++) others.Add(await engine.SubmitAsync(Requests.Plain with { Seed = i, Steps = 6 }));
        await DriveAsync(engine);
        Assert.Equal(JobFailureKind.DeviceFailed, (await engine.JobAsync(bad.Id)).Failure!.Kind);
        for (int i = 0; i < others.Count; i++) Assert.Equal(await AloneAsync(i), await engine.HashesAsync(others[i].Id));
        Assert.Contains("does not come back", engine.Lifetime.Loss, StringComparison.Ordinal);
        Assert.False(engine.Lifetime.IsStopping);
        Assert.False(engine.Lifetime.Failed.IsCancellationRequested);
        never.Set();
    }

    [Fact]
    public async Task Device_whose_thread_waits_outside_of_all_graphs_is_given_up_in_the_end()
    {
        using ManualResetEventSlim begun = new(), ends = new();
        var model = new ScriptedModel { IsTimedByHand = true };
        model.Before = _ =>
        {
            begun.Set();
            ends.Wait(TestContext.Current.CancellationToken);
        };
        using var engine = new EngineHarness(model);
        var job = await engine.SubmitAsync(Requests.Plain);
        while (!begun.IsSet) await TickAsync(engine);
        engine.Clock.Move(TimeSpan.FromMinutes(9));
        for (int i = 0; i < 5; i++) await TickAsync(engine);
        Assert.Null(engine.Lifetime.Loss);
        engine.Clock.Move(TimeSpan.FromMinutes(2));
        while (engine.Active.Jobs.Count > 0) await TickAsync(engine);
        Assert.Equal(JobFailureKind.DeviceFailed, (await engine.JobAsync(job.Id)).Failure!.Kind);
        Assert.True(engine.Lifetime.Failed.IsCancellationRequested);
        ends.Set();
    }

    [Fact]
    public async Task Last_device_that_does_not_come_back_ends_all_jobs_and_the_intake()
    {
        using var never = new ManualResetEventSlim();
        var model = new ScriptedModel { Before = rows => HangAt(rows, never) };
        using var engine = new EngineHarness(model, Hasty with { MaxBatch = 1 });
        var bad = await engine.SubmitAsync(Requests.Plain with { Prompt = Guilty });
        var other = await engine.SubmitAsync(Requests.Plain with { Seed = 1 });
        await DriveAsync(engine);
        foreach (var job in new[] { bad, other })
        {
            var end = await engine.JobAsync(job.Id);
            Assert.True(end.State is JobState.Succeeded or JobState.Queued || end.Failure?.Kind == JobFailureKind.DeviceFailed, $"{end.State}: {end.Failure}");
        }
        Assert.Equal(JobState.Failed, (await engine.JobAsync(bad.Id)).State);
        Assert.Empty(engine.Active.Jobs); // none was claimed that could not run
        Assert.True(engine.Lifetime.IsStopping);
        Assert.True(engine.Lifetime.Failed.IsCancellationRequested);
        never.Set();
    }

    private static async Task TickAsync(EngineHarness engine)
    {
        if (!await engine.Loop.TickAsync(claim: true, TestContext.Current.CancellationToken)) await Task.Delay(1, TestContext.Current.CancellationToken);
    }

    /// <summary>Ticks until no job is left, as the service does: at every wake, and several times a second.</summary>
    private static async Task DriveAsync(EngineHarness engine)
    {
        var cancellation = TestContext.Current.CancellationToken;
        do
        {
            if (!await engine.Loop.TickAsync(!engine.Lifetime.IsStopping, cancellation)) await engine.Signal.WaitAsync(TimeSpan.FromSeconds(0.2), cancellation);
        }
        while (engine.Active.Jobs.Count > 0 || (!engine.Lifetime.IsStopping && await engine.Store.CountQueuedAsync(cancellation) > 0));
    }

    /// <summary>What a graph does with a loop that does not end; with <paramref name="until"/>, with a node that does not.</summary>
    private static void HangAt(ReadOnlyMemory<DenoiserRow> rows, ManualResetEventSlim? until = null)
    {
        if (!rows.ToArray().Any(row => row.Conditioning.Tensors[0].Values[0] > 0.5f)) return; // the text of 60 signs
        using var options = new RunOptions();
        var stop = CallStop.OfThread!;
        stop.Enter(options);
        try
        {
            if (until is not null) until.Wait(TestContext.Current.CancellationToken);
            else SpinWait.SpinUntil(() => options.Terminate);
        }
        finally
        {
            stop.Leave();
        }
        throw ScriptedModel.Refusal(stop.Reason!.Value);
    }

    private static async Task<string[]> AloneAsync(int seed)
    {
        using var alone = new EngineHarness();
        var job = await alone.SubmitAsync(Requests.Plain with { Seed = seed, Steps = 6 });
        await alone.RunAsync();
        return await alone.HashesAsync(job.Id);
    }
}
