using Darkroom.Engine.Energy;
using System.Collections.Concurrent;
using Darkroom.Engine.Estimates;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Readings;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Scheduling.Costs;
using Darkroom.Engine.Telemetry;
using Darkroom.Models.Residency;

namespace Darkroom.Engine.Execution;

/// <summary>Makes the devices that the settings name.</summary>
internal static class DeviceSetup
{
    /// <summary>A device for each of the models' devices.</summary>
    public static DeviceGroup Create(
        IReadOnlyList<DeviceMemory> memories, SchedulingPolicy policy, AsyncSignal signal, TimeProvider time, PeakTable peaks, EngineActivity activity,
        MemoryTelemetry telemetry) =>
        Create(
            [.. memories.Select(memory => TraitsOf(memory.Spec))], policy, static () => new StepExecutor(), signal, time, peaks, MetersOf(memories), activity,
            telemetry);

    public static DeviceGroup Create(
        IReadOnlyList<DeviceTraits> devices, SchedulingPolicy policy, Func<IStepExecutor> executor, AsyncSignal signal, TimeProvider time,
        PeakTable? peaks = null, IReadOnlyList<IEnergyMeter?>? energy = null, EngineActivity? activity = null, MemoryTelemetry? telemetry = null)
    {
        var ended = new ConcurrentQueue<DispatchedBatch>();
        void End(DispatchedBatch call)
        {
            ended.Enqueue(call);
            signal.SetHere(); // the loop's turn is short, and what it starts next is mostly this thread's
        }
        var meters = CallMeter.Of(energy ?? new IEnergyMeter?[devices.Count], time);
        DeviceMeters MetersAt(int index) => new(meters[index], peaks ?? new PeakTable(), activity?.Devices[index] ?? new DeviceActivity(index, time));
        return new DeviceGroup([.. devices.Select((traits, index) =>
            new Device(index, traits, policy, () => new RecoveringExecutor(executor(), telemetry), End, time, MetersAt(index)))], ended);
    }

    private static DeviceTraits TraitsOf(DeviceSpec spec) =>
        spec.Kind == DeviceSpec.Cpu ? DeviceTraits.Cpu(DeviceFacts.ThreadsOf(spec)) : DeviceTraits.Gpu;

    /// <summary>All devices of a machine's processors have one meter: their energy is not told apart.</summary>
    private static IEnergyMeter?[] MetersOf(IReadOnlyList<DeviceMemory> memories)
    {
        var processors = memories.FirstOrDefault(memory => memory.Spec.Kind == DeviceSpec.Cpu) is { } cpu ? DeviceFacts.MeterOf(cpu.Spec) : null;
        return [.. memories.Select(memory => memory.Spec.Kind == DeviceSpec.Cpu ? processors : DeviceFacts.MeterOf(memory.Spec))];
    }
}
