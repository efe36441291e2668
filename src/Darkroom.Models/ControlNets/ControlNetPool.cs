using System.Collections.Concurrent;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.ControlNets;

/// <summary>The ControlNets of the catalog on the server's devices. Whether a graph is in memory is the device's matter. Any thread may ask.</summary>
/// <param name="catalog">The ControlNets there are.</param>
/// <param name="devices">Where they run; shared with the pools of models and upscalers.</param>
public sealed class ControlNetPool(ControlNetCatalog catalog, IReadOnlyList<DeviceMemory> devices) : IDisposable
{
    private readonly ConcurrentDictionary<(string Id, int Device), ControlNetPart> parts = [];

    /// <summary>A pool with one device and no budget: for tests.</summary>
    public ControlNetPool(ControlNetCatalog catalog, SessionSettings settings)
        : this(catalog, [DeviceMemory.Of(settings)]) { }

    /// <param name="id">The ControlNet's id.</param>
    /// <param name="device">Index into the devices.</param>
    /// <exception cref="GraphException">There is none of this id, or it cannot be used.</exception>
    public ControlNetPart Get(string id, int device) => catalog.Find(id) switch
    {
        null => throw new GraphException($"there is no ControlNet '{id}'"),
        { Fault: { } fault } => throw new GraphException(fault),
        var found => parts.GetOrAdd((id, device), key => new ControlNetPart(devices[key.Device], catalog, found)),
    };

    public void Dispose()
    {
        foreach (var part in parts.Values) part.Dispose();
    }
}
