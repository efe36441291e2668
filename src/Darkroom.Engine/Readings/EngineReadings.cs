using Darkroom.Engine.Artifacts;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;

namespace Darkroom.Engine.Readings;

/// <summary>Reads what the engine of this process is at. It takes no lock of the engine's loop, and can be asked at any time.</summary>
/// <param name="activity">What the loop writes.</param>
/// <param name="pool">The devices.</param>
/// <param name="options">Limits.</param>
/// <param name="inputs">Files that callers sent.</param>
/// <param name="decoded">Pictures that were decoded.</param>
/// <param name="artifacts">Finished pictures.</param>
public sealed class EngineReadings(
    EngineActivity activity, ModelPool pool, EngineOptions options, InputMemory inputs, DecodedPictures decoded, IArtifactStore artifacts)
{
    public EngineReading Now
    {
        get
        {
            var (calls, mean) = activity.Batches;
            return new([.. pool.Devices.Select(Device)], Memory, activity.Jobs, activity.Rows, calls, mean);
        }
    }

    /// <summary>What the process's memory is used for, as decision 14 divides it.</summary>
    public IReadOnlyList<MemoryReading> Memory
    {
        get
        {
            var ledger = pool.Devices.Select(device => device.Ledger).OfType<MemoryLedger>().FirstOrDefault();
            var memory = new List<MemoryReading> { new("weights", ledger?.Weights ?? pool.Devices.Sum(device => device.UsedBytes), BudgetOf(pool.Devices)) };
            if (ledger?.Arena is { } arena)
            {
                memory.Add(new("arena", arena.State.Held, arena.MaxBytes));
                memory.Add(new("calls", ledger.Reserved, ledger.CallBytes));
            }
            memory.Add(new("rows", activity.RowBytes, options.Memory.RowBytes));
            memory.Add(new("inputs", inputs.HeldBytes, inputs.CapacityBytes));
            memory.Add(new("decoded", decoded.HeldBytes, decoded.CapacityBytes));
            if (artifacts.Memory is { } pictures) memory.Add(new("pictures", pictures.Bytes, pictures.Limit));
            return memory;
        }
    }

    private DeviceReading Device(DeviceMemory memory, int index)
    {
        var device = activity.Devices[index];
        return new(index, memory.Spec.Name, device.State, device.BusyShare, memory.UsedBytes, BudgetOf([memory]), memory.Parts, device.Calls);
    }

    private static long? BudgetOf(IReadOnlyList<DeviceMemory> devices) =>
        devices.Any(device => device.Spec.BudgetBytes == long.MaxValue) ? null : devices.Sum(device => device.Spec.BudgetBytes);
}
