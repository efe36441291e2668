using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.ControlNets;

/// <summary>
/// The ControlNets of the catalog on the server's devices, each described on a device when it is first asked for there; whether its graph is in memory is the
/// device's matter. Where files were replaced the next who asks gets the new one, and who has the old one keeps it. Any thread may ask.
/// </summary>
/// <param name="catalog">The ControlNets there are.</param>
/// <param name="devices">Where they run; shared with the pools of models and upscalers.</param>
/// <param name="time">When files are looked at again; null: the system's.</param>
public sealed class ControlNetPool(ControlNetCatalog catalog, IReadOnlyList<DeviceMemory> devices, TimeProvider? time = null) : IDisposable
{
    private readonly LoadTable<ControlNetPart> loads = new(time ?? TimeProvider.System);

    /// <summary>A pool with one device and no budget: for tests.</summary>
    public ControlNetPool(ControlNetCatalog catalog, SessionSettings settings)
        : this(catalog, [DeviceMemory.Of(settings)]) { }

    /// <summary>A ControlNet as it is now, until the use ends.</summary>
    /// <param name="id">The ControlNet's id.</param>
    /// <param name="device">Index into the devices.</param>
    /// <exception cref="GraphException">Through the task: there is none of this id, or it cannot be used.</exception>
    public PoolUse<ControlNetPart> Use(string id, int device)
    {
        loads.ThrowIfClosed();
        var memory = devices[device];
        // An id of nothing is not kept: the file may come, and any number of wrong names may be asked for.
        if (catalog.Find(id) is null)
            return new(Task.FromException<ControlNetPart>(new GraphException($"there is no ControlNet '{id}'")), static () => { });
        var load = loads.Get(id, device, note => Task.FromResult(Load(id, memory, note)), use: true);
        return new(load.Task, () => loads.End(load));
    }

    public void Dispose()
    {
        foreach (var load in loads.Close() ?? []) PoolEnd.LetGo(load);
    }

    private ControlNetPart Load(string id, DeviceMemory memory, Action<Files.FileStamps> note)
    {
        var contents = catalog.ContentsOf(id);
        note(contents.Stamps);
        return contents.Description.Fault is { } fault ? throw new GraphException(fault) : new ControlNetPart(memory, contents);
    }
}
