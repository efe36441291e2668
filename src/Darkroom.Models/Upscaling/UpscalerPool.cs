using System.Diagnostics;
using Darkroom.Models.Catalog;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Upscaling;

/// <summary>
/// The upscalers of the catalog on the server's devices, each opened on a device when it is first asked for there, and known from then on; whether its
/// graph is in memory is the device's matter. One that could not be opened stays failed with its reason until the server starts again. Any thread may ask.
/// </summary>
/// <param name="catalog">The upscalers there are.</param>
/// <param name="hash">Names what they are.</param>
/// <param name="devices">Where they run; shared with the pool of models, and closed with the first of both that goes.</param>
public sealed class UpscalerPool(UpscalerCatalog catalog, ModelHash hash, IReadOnlyList<DeviceMemory> devices)
    : IUpscalerDirectory, IDisposable, IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly OrderedDictionary<(string Id, int Device), Task<Upscaler>> loads = [];
    private bool disposed;

    /// <summary>A pool with one device and no budget: for commands and tests.</summary>
    public UpscalerPool(UpscalerCatalog catalog, ModelHash hash, SessionSettings settings)
        : this(catalog, hash, [DeviceMemory.Of(settings)]) { }

    /// <summary>Raised after a first load: the upscaler's id, how long it took and why it failed, if it did.</summary>
    public event Action<string, TimeSpan, Exception?>? Loaded;

    /// <summary>Every upscaler; the scale of those that were loaded is known.</summary>
    public IReadOnlyList<UpscalerDescription> All => [.. catalog.All.Select(Current)];

    public UpscalerDescription? Default => catalog.Default is { } found ? Current(found) : null;

    public UpscalerDescription? Find(string id) => catalog.Find(id) is { } found ? Current(found) : null;

    public ModelStatus StatusOf(string id)
    {
        if (catalog.Find(id) is { Fault: { } fault }) return new ModelStatus(ModelState.Failed, fault);
        var here = LoadsOf(id);
        if (here.Length == 0) return new ModelStatus(ModelState.Cold);
        var ready = here.Where(load => load.IsCompletedSuccessfully).Select(load => load.GetAwaiter().GetResult()).ToArray();
        long resident = ready.Where(one => one.IsResident).Sum(one => one.Bytes);
        if (ready.Length > 0) return new ModelStatus(ModelState.Ready, null, ready[0].ContentHash) { ResidentBytes = resident };
        return Array.Exists(here, load => !load.IsCompleted)
            ? new ModelStatus(ModelState.Loading)
            : new ModelStatus(ModelState.Failed, Reason(here[0].Exception!.InnerException!));
    }

    /// <summary>The opened upscaler; the first call for an id on a device starts that.</summary>
    /// <param name="id">The upscaler's id.</param>
    /// <param name="device">Index into the devices.</param>
    /// <exception cref="GraphException">Through the task: there is none of this id, or it cannot be used.</exception>
    public Task<Upscaler> GetAsync(string id, int device = 0)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (loads.TryGetValue((id, device), out var load)) return load;
            // An id of nothing is not kept: the file may come, and any number of wrong names may be asked for.
            if (catalog.Find(id) is not { } description) return Task.FromException<Upscaler>(new GraphException($"there is no upscaler '{id}'"));
            return loads[(id, device)] = Task.Run(() => LoadAsync(description, devices[device]));
        }
    }

    /// <summary>As <see cref="DisposeAsync"/>, waiting on this thread.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>
    /// Begins no load any more, waits some seconds at most for loads and calls that are under way, and lets all go, in the order in which they were asked
    /// for. A load that takes longer lets go when it is done.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        Task<Upscaler>[] all;
        lock (gate)
        {
            if (disposed) return;
            disposed = true;
            all = [.. loads.Values];
        }
        await PoolEnd.WaitAsync(devices, all).ConfigureAwait(false);
        foreach (var load in all) PoolEnd.LetGo(load);
    }

    private async Task<Upscaler> LoadAsync(UpscalerDescription description, DeviceMemory memory)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            if (description.Fault is { } fault) throw new GraphException(fault);
            string contentHash = hash.OfFiles(catalog.Folder, UpscalerFile.FilesOf(catalog.Folder, description.Id));
            var upscaler = await Upscaler.LoadAsync(catalog.FileOf(description.Id), description, memory, contentHash);
            Loaded?.Invoke(description.Id, Stopwatch.GetElapsedTime(started), null);
            return upscaler;
        }
        catch (Exception e) when (e is not ObjectDisposedException) // the pool goes: nobody failed
        {
            Loaded?.Invoke(description.Id, Stopwatch.GetElapsedTime(started), e);
            throw;
        }
    }

    private Task<Upscaler>[] LoadsOf(string id)
    {
        lock (gate) return [.. loads.Where(load => load.Key.Id == id).OrderBy(load => load.Key.Device).Select(load => load.Value)];
    }

    /// <summary>The description as the opened graph completed it.</summary>
    private UpscalerDescription Current(UpscalerDescription found) =>
        Array.Find(LoadsOf(found.Id), load => load.IsCompletedSuccessfully)?.GetAwaiter().GetResult().Description ?? found;

    private static string Reason(Exception e) => e is GraphException ? e.Message : $"unexpected: {e.GetType().Name}";
}
