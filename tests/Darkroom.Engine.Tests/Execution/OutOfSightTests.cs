using Darkroom.Engine.Execution;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;

namespace Darkroom.Engine.Tests.Execution;

/// <summary>More jobs wait than the intake looks at: those beyond are kept to their deadlines, and are seen in the end.</summary>
public sealed class OutOfSightTests
{
    private const int Beyond = WaitingLine.Seen + WaitingLine.Oldest + 50;

    private static EngineHarness Engine() => new(options: new EngineOptions { MaxQueued = 1000, MaxBatch = 1, Target = SchedulingTarget.Throughput });

    [Fact]
    public async Task Job_beyond_those_that_are_looked_at_expires_within_a_second_of_its_deadline()
    {
        using var engine = Engine();
        for (int i = 0; i < Beyond; i++) await engine.SubmitAsync(Requests.Plain with { Seed = i });
        var late = await engine.SubmitAsync(Requests.Plain with { Priority = JobPriority.Low, Deadline = 5 });
        await engine.TickAsync();
        engine.Clock.Move(TimeSpan.FromSeconds(4));
        await engine.TickAsync();
        Assert.Equal(JobState.Queued, (await engine.JobAsync(late.Id)).State);
        engine.Clock.Move(TimeSpan.FromSeconds(2));
        await engine.TickAsync();
        Assert.Equal(JobState.Expired, (await engine.JobAsync(late.Id)).State);
    }

    [Fact]
    public async Task Old_job_of_low_priority_behind_hundreds_of_higher_ones_is_claimed_in_the_end()
    {
        using var engine = Engine();
        var low = await engine.SubmitAsync(Requests.Plain with { Priority = JobPriority.Low, Steps = 20 });
        for (int i = 0; i < Beyond; i++) await engine.SubmitAsync(Requests.Plain with { Priority = JobPriority.High, Seed = i });
        for (int tick = 0; tick < 100 && (await engine.JobAsync(low.Id)).State == JobState.Queued; tick++)
        {
            engine.Clock.Move(TimeSpan.FromHours(1));
            await engine.SubmitAsync(Requests.Plain with { Priority = JobPriority.High, Seed = tick }); // there are always as many
            await engine.TickAsync();
        }
        Assert.NotEqual(JobState.Queued, (await engine.JobAsync(low.Id)).State);
        Assert.True(await engine.Store.CountQueuedAsync(TestContext.Current.CancellationToken) > WaitingLine.Seen);
    }
}
