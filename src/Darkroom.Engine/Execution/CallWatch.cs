using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Execution;

/// <summary>
/// Looks at the calls that run: one that takes too long is stopped, and so is a long one that nobody waits for any more. A device whose call does not come back
/// even then is given up: the jobs of that call fail, others of the device begin again on another one.
/// </summary>
internal sealed class CallWatch(DeviceGroup devices, ActiveJobs jobs, ResultApplier results, JobWrites store, EngineLifetime lifetime, ILogger<CallWatch> log)
{
    /// <summary>Looks at every call once; the loop asks at each turn, which comes every second at the latest.</summary>
    public ValueTask LookAsync(CancellationToken cancellation)
    {
        for (int i = 0; i < devices.All.Count; i++)
        {
            var device = devices.All[i];
            if (!device.IsLost && device.Watch(jobs, log) is { } stuck) return GiveUpAsync(device, stuck, cancellation);
        }
        return ValueTask.CompletedTask;
    }

    private async ValueTask GiveUpAsync(Device device, DispatchedBatch stuck, CancellationToken cancellation)
    {
        device.GiveUp();
        var kind = stuck.Batch.Key.Kind;
        string reason = $"Device {device.Index} does not come back from a call ({kind.Name} of the model '{stuck.Batch.Key.Model}').";
        EngineLog.DeviceLost(log, device.Index, kind.Name, stuck.Batch.Key.Model);
        bool isLast = !devices.AnyIsLeft;
        var failure = new JobFailure(JobFailureKind.DeviceFailed, "The device did not come back from a call, and was given up.");
        foreach (var job in jobs.Jobs.Where(job => job.Rows.Exists(row => row.Device == device.Index)).ToArray())
        {
            if (isLast || stuck.Serves(job)) await results.FailAsync(job, failure, cancellation);
            else await ReleaseAsync(job, cancellation);
        }
        lifetime.LoseDevice(reason, isLast);
    }

    private async ValueTask ReleaseAsync(ActiveJob job, CancellationToken cancellation)
    {
        await store.CommitAsync(job.Job, new JobCommand.Release(job.TakeUsed()), then: null, cancellation);
        jobs.Remove(job);
    }
}
