using Darkroom.Engine.Devices;
using Darkroom.Engine.Energy;
using Darkroom.Engine.Queue;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;

namespace Darkroom.Engine.Execution;

/// <summary>This process's devices, for those who ask.</summary>
internal sealed class DeviceBoard(DeviceGroup devices, ModelPool pool, EngineOptions options, AsyncSignal signal, TimeProvider time) : IDeviceBoard
{
    /// <summary>A tick takes milliseconds; a loop that waits for its store, or has ended, keeps nobody waiting.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly string[] names = [.. pool.Devices.Select(memory => DeviceFacts.NameOf(memory.Spec))];

    public async ValueTask<IReadOnlyList<DeviceReport>> LookAsync(CancellationToken cancellation)
    {
        IReadOnlyList<SeenDevice>? seen = null;
        try
        {
            seen = await devices.Questions.AskAsync(signal).WaitAsync(Patience, time, cancellation);
        }
        catch (TimeoutException)
        {
            // What the loop alone knows is left out.
        }
        return [.. pool.Devices.Select((memory, index) => Report(index, memory, seen?[index]))];
    }

    private DeviceReport Report(int index, DeviceMemory memory, SeenDevice? seen) => new()
    {
        Index = index,
        Kind = memory.Spec.Kind,
        Id = memory.Spec.Id,
        Name = names[index],
        State = seen?.State ?? DeviceState.Unknown,
        Threads = devices.All[index].Traits.Threads,
        MaxBatch = options.MaxBatch,
        WeightLimitBytes = memory.Spec.BudgetBytes < long.MaxValue ? memory.Spec.BudgetBytes : null,
        WeightBytes = memory.UsedBytes,
        Memory = memory.Ledger is { } ledger ? new(ledger.NativeBytes, ledger.Weights, ledger.Reserved, ledger.CallBytes) : null,
        TellsEnergy = devices.All[index].TellsEnergy,
        Models =
        [
            .. memory.Parts.GroupBy(part => part.Owner).OrderBy(model => model.Key, StringComparer.Ordinal).Select(model => new ResidentModel(
                model.Key, model.Sum(part => part.Bytes), model.Any(part => part.IsHeld), model.Min(part => part.Idle).TotalSeconds,
                [.. model.Select(part => part.Name).Order(StringComparer.Ordinal)])),
        ],
        Calls = seen?.Calls ?? [],
        BatchLimits = seen?.Limits ?? [],
    };
}
