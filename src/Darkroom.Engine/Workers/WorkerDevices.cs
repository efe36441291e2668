using Darkroom.Engine.Devices;
using Darkroom.Models.Catalog;

namespace Darkroom.Engine.Workers;

/// <summary>Devices of other processes, as far as their cards tell of them: which there are and which models are open there, not what they do.</summary>
internal sealed class WorkerDevices(WorkerDirectory directory) : IDeviceBoard
{
    public ValueTask<IReadOnlyList<DeviceReport>> LookAsync(CancellationToken cancellation) => ValueTask.FromResult<IReadOnlyList<DeviceReport>>(
        [.. directory.Cards.OrderBy(card => card.Id, StringComparer.Ordinal).SelectMany(card => card.Devices.Select(device => Report(card, device)))]);

    private static DeviceReport Report(WorkerCard card, WorkerDevice device) => new()
    {
        Worker = card.Id,
        Index = device.Index,
        Kind = device.Kind,
        Id = device.Id,
        Name = device.Name,
        Threads = device.Threads,
        MaxBatch = device.MaxBatch,
        WeightLimitBytes = device.WeightLimitBytes,
        Models =
        [
            .. card.Models.Where(model => model.Status.State == ModelState.Ready)
                .Select(model => new ResidentModel(model.Description.Id, null, null, null, [])),
        ],
    };
}
