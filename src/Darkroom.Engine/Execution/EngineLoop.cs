using System.Globalization;
using System.Runtime.CompilerServices;
using Darkroom.Engine.Telemetry;

namespace Darkroom.Engine.Execution;

/// <summary>
/// The engine, in one readable tick: apply what calls gave, drop what was cancelled, stop what hangs, claim what fits, and start the next calls on every
/// device that is free. One loop drives all devices; it never waits for a call, and whatever ends wakes it.
/// </summary>
internal sealed class EngineLoop(
    ActiveJobs active, DeviceGroup devices, CallWatch watch, Intake intake, RowAdvancer rows, ResultApplier results, JobWrites writes,
    CallTelemetry? telemetry = null)
{
    /// <param name="claim">Whether new jobs may be taken; false while draining.</param>
    /// <param name="cancellation">Ends the tick between two steps of it.</param>
    /// <returns>Whether another tick may find something to do: if not, nothing will before something wakes the loop.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))] // a tick is one step: its state machine is used again
    public async ValueTask<bool> TickAsync(bool claim, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await ApplyAsync(cancellation);
        bool moved = await writes.CatchUpAsync(cancellation);
        moved |= await active.DropEndedAsync(cancellation);
        await watch.LookAsync(cancellation);
        if (claim && devices.AnyIsLeft && !results.PicturesWait) moved |= await intake.ClaimAsync(cancellation);
        await rows.AdvanceAsync(cancellation);

        for (int i = 0; i < devices.All.Count; i++)
        {
            var device = devices.All[i];
            if (!device.HasFreeThread) continue;
            moved |= active.Show(device);
            (device.View.Load, device.View.Backlog) = (intake.Load, intake.Backlog);
            device.Run(active);
        }
        devices.Questions.Answer(devices.All); // when the next calls have begun: between two of them a device is not idle
        return moved;
    }

    /// <summary>Stops every call of every device, when their rows were given back: one that hangs must not hold up the end of the process.</summary>
    public void AbandonCalls()
    {
        foreach (var device in devices.All) device.AbandonCalls();
    }

    /// <summary>Takes the calls that have ended and the pictures that were stored.</summary>
    /// <returns>Whether there were any.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ApplyAsync(CancellationToken cancellation)
    {
        bool any = await results.TakeStoredAsync(cancellation);
        while (devices.TryTakeEnded(out var call))
        {
            any = true;
            if (call.Device!.IsLost)
            {
                call.ReturnRows(); // it came back too late
                continue;
            }
            call.Device!.Finish(call);
            if (telemetry is not null) Measure(call, telemetry);
            await results.ApplyAsync(call, cancellation);
            call.Device.Return(call);
        }
        return any;
    }

    private static void Measure(DispatchedBatch call, CallTelemetry telemetry)
    {
        var (key, device, took) = (call.Batch.Key, call.Device!, call.Took.TotalSeconds);
        string index = device.Index.ToString(CultureInfo.InvariantCulture); // small numbers are kept as text
        telemetry.Ended(key.Kind.Name, key.Model, index, call.Batch.Rows, took);
        telemetry.Spent(key.Model, index, call.Spent);
        for (int i = 0; i < call.Rows.Count; i++)
            telemetry.Served(key.Kind.Name, key.Model, device.WaitOf(call.Rows[i], call).TotalSeconds, key.Kind.IsMain ? took : null);
    }
}
