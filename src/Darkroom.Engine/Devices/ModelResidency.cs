using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;

namespace Darkroom.Engine.Devices;

/// <summary>Brings models into the memory of this process's devices, and has them leave it, on an operator's word.</summary>
public sealed class ModelResidency(ModelPool pool)
{
    /// <summary>How many devices there are.</summary>
    public int Devices => pool.Devices.Count;

    /// <summary>
    /// Brings all parts of a model into memory: it waits in the line of all who need room, and what nobody works with leaves for it. Of a model that is there
    /// nothing changes.
    /// </summary>
    /// <param name="id">A model of the catalog.</param>
    /// <param name="device">Which device; null: all, one after another.</param>
    /// <returns>Why it cannot be there; null: it is.</returns>
    public async Task<LoadRefusal?> LoadAsync(string id, int? device, CancellationToken cancellation)
    {
        for (int index = device ?? 0; index <= (device ?? pool.Devices.Count - 1); index++)
        {
            try
            {
                await pool.HoldAsync(id, index, cancellation);
            }
            catch (GraphException e)
            {
                return new(e.Fault is GraphFault.OutOfMemory or GraphFault.OverBudget, e.Message, index, OthersOn(pool.Devices[index], id));
            }
        }
        return null;
    }

    /// <summary>Has a model leave memory: what nobody works with at once, the rest with the last row that does.</summary>
    /// <returns>Whether somebody works with it still.</returns>
    public bool Unload(string id) => pool.Unload(id);

    /// <summary>Bytes that a model has in the devices' memory, those that are on their way out included.</summary>
    public long BytesOf(string id) => pool.Devices.Sum(device => device.Parts.Where(part => part.Owner == id).Sum(part => part.Bytes));

    private static IReadOnlyList<(string Id, long Bytes)> OthersOn(DeviceMemory device, string id) =>
        [.. device.Parts.Where(part => part.Owner != id).GroupBy(part => part.Owner).Select(one => (one.Key, one.Sum(part => part.Bytes)))];
}

/// <summary>Why a model could not be brought into memory.</summary>
/// <param name="IsMemory">Whether it has no room.</param>
/// <param name="Reason">A sentence without its full stop.</param>
/// <param name="Device">On which device.</param>
/// <param name="Others">What else is in that one's memory.</param>
public sealed record LoadRefusal(bool IsMemory, string Reason, int Device, IReadOnlyList<(string Id, long Bytes)> Others);
