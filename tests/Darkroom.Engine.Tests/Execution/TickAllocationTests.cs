using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Tests.Execution;

public sealed class TickAllocationTests
{
    [Fact]
    public async Task Tick_with_jobs_in_flight_allocates_nothing()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var engine = new EngineHarness();
        using var gate = new ManualResetEventSlim();
        engine.Model.Before = _ => gate.Wait(cancellation);
        for (int i = 0; i < 3; i++) await engine.SubmitAsync(Requests.Plain with { Deadline = 1000, Seed = i });
        while (engine.Device.Calls < 2) await engine.Loop.TickAsync(claim: true, cancellation); // the denoiser's call hangs
        Assert.Equal(3, engine.Active.Jobs.Count);

        const int Ticks = 1000;
        long allocated = long.MaxValue;
        for (int round = 0; round < 3; round++) // the first is for what is made once
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Ticks; i++)
            {
                var tick = engine.Loop.TickAsync(claim: true, cancellation);
                Assert.True(tick.IsCompleted);
                await tick;
            }
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        gate.Set();
        Assert.InRange(allocated, 0, Ticks);
    }
}
