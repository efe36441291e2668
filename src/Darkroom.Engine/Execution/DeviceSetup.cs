using System.Collections.Concurrent;
using Darkroom.Engine.Scheduling.Costs;

namespace Darkroom.Engine.Execution;

/// <summary>Makes the devices that the settings name.</summary>
internal static class DeviceSetup
{
    public static DeviceGroup Create(EngineOptions options, AsyncSignal signal, TimeProvider time)
    {
        bool isCpu = options.Device == "cpu";
        int threads = isCpu ? options.CpuThreads : 1;
        return Create(1, threads, isCpu ? DeviceTraits.Cpu(threads) : DeviceTraits.Gpu, options, static () => new ModelStepExecutor(), signal, time);
    }

    public static DeviceGroup Create(
        int count, int threads, DeviceTraits traits, EngineOptions options, Func<IStepExecutor> executor, AsyncSignal signal, TimeProvider time)
    {
        var ended = new ConcurrentQueue<Call>();
        void End(Call call)
        {
            ended.Enqueue(call);
            signal.Set();
        }
        return new DeviceGroup(
            [.. Enumerable.Range(0, count).Select(index => new Device(index, threads, new CostTable(traits, static _ => null), options.Policy, executor, End, time))], ended);
    }
}
