using System.Runtime.CompilerServices;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Scheduling.Costs;

namespace Darkroom.Engine.Execution;

/// <summary>
/// The engine, in one readable tick: claim what fits, let go what was cancelled, plan, run the plan, apply the result. One loop drives one device.
/// </summary>
internal sealed class EngineLoop(IJobStore store, Flight flight, DeviceWorker device, EngineOptions options, TimeProvider time)
{
    private readonly DeviceView view = new();
    private readonly List<Batch> calls = [];
    private readonly StepScheduler scheduler = new(
        new CostTable(DeviceTraits.Cpu(1), static _ => null), new SchedulingPolicy { MaxBatch = options.MaxBatch, Target = SchedulingTarget.Throughput });

    /// <summary>Rows in flight now.</summary>
    public int Rows => flight.Rows;

    /// <param name="claim">Whether new jobs may be taken; false while draining.</param>
    /// <param name="cancellation">Ends the tick between two batches.</param>
    /// <returns>Whether anything was taken or run: if not, nothing will be before something happens.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))] // a tick is one step: its state machine is used again
    public async ValueTask<bool> TickAsync(bool claim, CancellationToken cancellation)
    {
        await flight.DropEndedAsync(time.GetUtcNow(), cancellation);
        bool took = false;
        if (claim && flight.Rows < options.MaxBatch)
        {
            var claimed = await store.ClaimAsync(Math.Max(1, options.MaxBatch - flight.Rows), time.GetUtcNow(), cancellation);
            took = claimed.Count > 0;
            flight.Take(claimed);
            // What expired while it waited never touches the device.
            if (took) await flight.DropEndedAsync(time.GetUtcNow(), cancellation);
        }
        await flight.PrepareAsync(cancellation);

        flight.Show(view);
        calls.Clear();
        scheduler.Plan(view, calls);

        foreach (var batch in calls)
        {
            cancellation.ThrowIfCancellationRequested();
            long started = time.GetTimestamp();
            var result = await device.RunAsync(batch, flight);
            await flight.ApplyAsync(batch, result, time.GetElapsedTime(started), cancellation);
            scheduler.Return(batch);
        }
        return took || calls.Count > 0;
    }
}
