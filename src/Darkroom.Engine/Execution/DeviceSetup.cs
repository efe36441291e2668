using Darkroom.Engine.Estimates;
using System.Collections.Concurrent;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Scheduling.Costs;
using Darkroom.Models.Residency;

namespace Darkroom.Engine.Execution;

/// <summary>Makes the devices that the settings name.</summary>
internal static class DeviceSetup
{
    /// <summary>A device for each of the models' devices.</summary>
    public static DeviceGroup Create(IReadOnlyList<DeviceMemory> memories, SchedulingPolicy policy, AsyncSignal signal, TimeProvider time, PeakTable peaks) =>
        Create([.. memories.Select(memory => TraitsOf(memory.Spec))], policy, static () => new StepExecutor(), signal, time, peaks);

    public static DeviceGroup Create(
        IReadOnlyList<DeviceTraits> devices, SchedulingPolicy policy, Func<IStepExecutor> executor, AsyncSignal signal, TimeProvider time,
        PeakTable? peaks = null)
    {
        var ended = new ConcurrentQueue<DispatchedBatch>();
        void End(DispatchedBatch call)
        {
            ended.Enqueue(call);
            signal.SetHere(); // the loop's turn is short, and what it starts next is mostly this thread's
        }
        return new DeviceGroup([.. devices.Select((traits, index) =>
            new Device(index, traits, policy, () => new RecoveringExecutor(executor()), End, time, peaks))], ended);
    }

    private static DeviceTraits TraitsOf(DeviceSpec spec) =>
        spec.Kind == DeviceSpec.Cpu ? DeviceTraits.Cpu(spec.Threads > 0 ? spec.Threads : Environment.ProcessorCount) : DeviceTraits.Gpu;
}
