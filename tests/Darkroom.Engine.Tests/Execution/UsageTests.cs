using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Tests.Energy;

namespace Darkroom.Engine.Tests.Execution;

/// <summary>What jobs take of the machine is theirs by their share of each call, however they end, and is counted for their account.</summary>
public sealed class UsageTests
{
    private const double PerCall = 2; // joules

    private static readonly GenerationRequest Mine = Requests.Plain with { Caller = "key:mine", Steps = 6 };

    [Fact]
    public async Task All_jobs_together_have_the_energy_of_all_calls_and_equal_ones_have_equal_shares()
    {
        using var engine = Engine();
        var one = await engine.SubmitAsync(Mine);
        var same = await engine.SubmitAsync(Mine with { Caller = "key:other", Seed = 7 });
        var more = await engine.SubmitAsync(Mine with { Steps = 12, Seed = 8, Count = 2 });
        await engine.RunAsync();
        var used = new List<JobUsage>();
        foreach (var job in new[] { one, same, more }) used.Add((await engine.JobAsync(job.Id)).Spending.Total);
        Assert.Equal(engine.Device.Calls * PerCall, used.Sum(usage => usage.Joules!.Value), 6);
        Assert.Equal(used[0].Joules!.Value, used[1].Joules!.Value, 6);
        Assert.True(used[2].Joules > used[0].Joules);
        Assert.All(used, usage => Assert.True(usage.DeviceSeconds > 0));
        Assert.True(used.Sum(usage => usage.ProcessorSeconds) > 0);

        var days = await engine.UsageAsync();
        Assert.Equal(["key:mine", "key:other"], days.Select(day => day.Account));
        Assert.Equal((2L, 3L), (days[0].Counts.Succeeded, days[0].Counts.Pictures));
        Assert.Equal(used[0].Joules!.Value + used[2].Joules!.Value, days[0].Counts.Joules!.Value, 6);
        Assert.Equal(JobCost.MegapixelSteps(one.Request) + JobCost.MegapixelSteps(more.Request), days[0].Counts.MegapixelSteps, 9);
    }

    [Fact]
    public async Task Cancelled_job_is_counted_with_what_it_took_until_then()
    {
        using var engine = Engine();
        var job = await engine.SubmitAsync(Mine with { Steps = 20 });
        for (int tick = 0; tick < 5; tick++) await engine.TickAsync();
        await engine.Queue.CancelAsync(job.Id, TestContext.Current.CancellationToken);
        await engine.TickAsync();
        var counts = Assert.Single(await engine.UsageAsync()).Counts;
        Assert.Equal((1L, 0L, 0.0), (counts.Cancelled, counts.Pictures, counts.MegapixelSteps));
        Assert.Equal(engine.Device.Calls * PerCall, counts.Joules!.Value, 6);
        Assert.Equal(counts.Joules, (await engine.JobAsync(job.Id)).Spending.Total.Joules);
    }

    [Fact]
    public async Task Call_that_comes_back_after_its_job_was_cancelled_is_counted_too()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var engine = Engine();
        using var gate = new ManualResetEventSlim();
        engine.Model.Before = _ => gate.Wait(cancellation);
        var job = await engine.SubmitAsync(Mine);
        while (engine.Device.Calls < 2) await engine.Loop.TickAsync(claim: true, cancellation); // the denoiser's call hangs
        await engine.Queue.CancelAsync(job.Id, cancellation);
        await engine.Loop.TickAsync(claim: true, cancellation);
        Assert.Empty(engine.Active.Jobs);
        gate.Set();
        await engine.TickAsync();
        Assert.Equal(engine.Device.Calls * PerCall, Assert.Single(await engine.UsageAsync()).Counts.Joules!.Value, 6);
    }

    [Fact]
    public async Task Failed_job_is_counted_with_what_it_took_and_without_a_meter_no_joules_are_told()
    {
        using var engine = new EngineHarness();
        int calls = 0;
        engine.Model.After = row =>
        {
            if (++calls > 4) row.Output.Span[3] = float.NaN;
        };
        var job = await engine.SubmitAsync(Mine);
        await engine.RunAsync();
        Assert.Equal(JobState.Failed, (await engine.JobAsync(job.Id)).State);
        var counts = Assert.Single(await engine.UsageAsync()).Counts;
        Assert.Equal(1, counts.Failed);
        Assert.True(counts.DeviceSeconds > 0);
        Assert.Null(counts.Joules);
    }

    private static EngineHarness Engine() => new(energy: new ScriptedMeter(PerCall));
}

internal static class UsageOfEngine
{
    public static async Task<IReadOnlyList<UsageEntry>> UsageAsync(this EngineHarness engine) => await ((IUsageBook)engine.Store).UsageAsync(
        new UsageQuery(DateOnly.MinValue, DateOnly.MaxValue), TestContext.Current.CancellationToken);
}
