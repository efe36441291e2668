using Darkroom.Models.Files;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Autoencoders;

/// <summary>
/// The autoencoders of the catalog on the server's devices, one for all models that are asked for with it; whether its graphs are in memory is the device's
/// matter. Where its files are changed the next who asks gets the new one, and who has the old one keeps it. Any thread may ask.
/// </summary>
/// <param name="catalog">The autoencoders there are.</param>
/// <param name="devices">Where they run; shared with the pools of models and upscalers.</param>
/// <param name="time">When files are looked at and loads tried again; null: the system's.</param>
public sealed class AutoencoderPool(AutoencoderCatalog catalog, IReadOnlyList<DeviceMemory> devices, TimeProvider? time = null) : IDisposable
{
    private readonly LoadTable<SharedAutoencoder> loads = new(time ?? TimeProvider.System);

    /// <summary>A pool with one device and no budget: for commands and tests.</summary>
    public AutoencoderPool(AutoencoderCatalog catalog, SessionSettings settings)
        : this(catalog, [DeviceMemory.Of(settings)]) { }

    /// <summary>An autoencoder, as it is now until the use ends, whatever becomes of its files.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="known">The content hash of the one that is meant; null: whatever it is now.</param>
    /// <param name="device">Index into the devices.</param>
    /// <exception cref="GraphException">Through the task: there is none of this id, it cannot be used, or it is another now.</exception>
    public PoolUse<SharedAutoencoder> Use(string id, string? known, int device)
    {
        loads.ThrowIfClosed();
        var memory = devices[device];
        if (catalog.Entry(id) is null)
            return new(Task.FromException<SharedAutoencoder>(new GraphException($"there is no autoencoder '{id}'", GraphFault.Unavailable)), static () => { });
        var load = loads.Get(id, device, note => Task.FromResult(Open(id, memory, note)), use: true);
        return new(Same(load.Task), () => loads.End(load));

        async Task<SharedAutoencoder> Same(Task<SharedAutoencoder> opened)
        {
            var autoencoder = await opened.ConfigureAwait(false);
            return known is null || known == autoencoder.ContentHash ? autoencoder
                : throw new GraphException($"autoencoder '{id}' was changed on disk after it was asked for", GraphFault.Unavailable);
        }
    }

    public void Dispose()
    {
        foreach (var load in loads.Close() ?? []) PoolEnd.LetGo(load);
    }

    private SharedAutoencoder Open(string id, DeviceMemory memory, Action<FileStamps> note)
    {
        var entry = catalog.Entry(id) ?? throw new GraphException($"there is no autoencoder '{id}'", GraphFault.Unavailable);
        var place = new AutoencoderPlace(entry.Path);
        var files = FileStamps.Of(place.Files());
        note(files);
        if (entry.Description.Fault is { } fault) throw new GraphException(fault);
        var opened = new SharedAutoencoder(entry.Description, catalog.HashOf(entry), place, files, memory);
        if (files.Changed is null && entry.Stamps.Changed is null) return opened;
        opened.Dispose();
        throw new GraphException("its files were changed while it was loaded", GraphFault.Unavailable);
    }
}
