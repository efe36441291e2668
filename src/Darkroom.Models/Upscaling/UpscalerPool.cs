using System.Diagnostics;
using Darkroom.Models.Catalog;
using Darkroom.Models.Files;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Upscaling;

/// <summary>
/// The upscalers of the catalog on the server's devices, each opened on a device when it is first asked for there, and known from then on; whether its
/// graph is in memory is the device's matter. One that could not be opened stays failed until its file changes or, where the reason may pass, it is asked for
/// after a while; a file that was changed on disk is opened again. Any thread may ask.
/// </summary>
/// <param name="catalog">The upscalers there are.</param>
/// <param name="hash">Names what they are.</param>
/// <param name="devices">Where they run; shared with the pool of models, and closed with the first of both that goes.</param>
/// <param name="time">When files are looked at and loads tried again; null: the system's.</param>
public sealed class UpscalerPool(UpscalerCatalog catalog, ModelHash hash, IReadOnlyList<DeviceMemory> devices, TimeProvider? time = null)
    : IUpscalerDirectory, IDisposable, IAsyncDisposable
{
    private readonly LoadTable<Upscaler> loads = new(time ?? TimeProvider.System);
    private readonly LookLimit unknown = new(time ?? TimeProvider.System);

    /// <summary>A pool with one device and no budget: for commands and tests.</summary>
    public UpscalerPool(UpscalerCatalog catalog, ModelHash hash, SessionSettings settings)
        : this(catalog, hash, [DeviceMemory.Of(settings)]) { }

    /// <summary>Raised after a load: the upscaler's id, how long it took and why it failed, if it did.</summary>
    public event Action<string, TimeSpan, Exception?>? Loaded;

    /// <summary>Every upscaler; the scale of those that were loaded is known.</summary>
    public IReadOnlyList<UpscalerDescription> All => [.. catalog.All.Select(Current)];

    public UpscalerDescription? Default => catalog.Default is { } found ? Current(found) : null;

    public UpscalerDescription? Find(string id)
    {
        if (catalog.Find(id) is null) unknown.Look(() => catalog.LookAgain());
        return catalog.Find(id) is { } found ? Current(found) : null;
    }

    public ModelStatus StatusOf(string id)
    {
        if (catalog.Find(id) is { Fault: { } fault }) return new ModelStatus(ModelState.Failed, fault);
        var here = loads.Of(id);
        if (here.Length == 0) return new ModelStatus(ModelState.Cold);
        var ready = here.Select(load => load.Task).Where(load => load.IsCompletedSuccessfully).Select(load => load.GetAwaiter().GetResult()).ToArray();
        long resident = ready.Where(one => one.IsResident).Sum(one => one.Bytes);
        if (ready.Length > 0) return new ModelStatus(ModelState.Ready, null, ready[0].ContentHash) { ResidentBytes = resident };
        // A load can end between two looks at it, so what is not seen to have failed is still loading.
        return Array.TrueForAll(here, load => load.Task.IsFaulted)
            ? new ModelStatus(ModelState.Failed, LoadFailure.ReasonOf(here[0].Task.Exception!.InnerException!))
            {
                IsTriedAgain = Array.Exists(here, loads.IsDue),
            }
            : new ModelStatus(ModelState.Loading);
    }

    /// <summary>The opened upscaler; the first call for an id on a device starts that. For long work see <see cref="Use"/>.</summary>
    /// <param name="id">The upscaler's id.</param>
    /// <param name="device">Index into the devices.</param>
    /// <exception cref="GraphException">Through the task: there is none of this id, or it cannot be used.</exception>
    public Task<Upscaler> GetAsync(string id, int device = 0)
    {
        loads.ThrowIfClosed();
        var memory = devices[device];
        return catalog.Find(id) is null ? None(id) : loads.Get(id, device, note => LoadAsync(id, memory, note), use: false).Task;
    }

    /// <summary>The same, as it is now until the use ends, whatever becomes of its file.</summary>
    public PoolUse<Upscaler> Use(string id, int device)
    {
        loads.ThrowIfClosed();
        var memory = devices[device];
        if (catalog.Find(id) is null) return new PoolUse<Upscaler>(None(id), static () => { });
        var load = loads.Get(id, device, note => LoadAsync(id, memory, note), use: true);
        return new PoolUse<Upscaler>(load.Task, () => loads.End(load));
    }

    /// <summary>As <see cref="DisposeAsync"/>, waiting on this thread.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>
    /// Begins no load any more, waits some seconds at most for loads and calls that are under way, and lets all go, in the order in which they were asked
    /// for. A load that takes longer lets go when it is done.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (loads.Close() is not { } all) return;
        await PoolEnd.WaitAsync(devices, all).ConfigureAwait(false);
        foreach (var load in all) PoolEnd.LetGo(load);
    }

    private async Task<Upscaler> LoadAsync(string id, DeviceMemory memory, Action<FileStamps> note)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            var files = UpscalerFile.StampsOf(catalog.FileOf(id));
            note(files);
            var description = catalog.Refresh(id) ?? throw new GraphException($"there is no upscaler '{id}'");
            if (description.Fault is { } fault) throw new GraphException(fault);
            string contentHash = hash.OfFiles(catalog.Folder, UpscalerFile.FilesOf(catalog.Folder, id));
            var upscaler = await Upscaler.LoadAsync(catalog.FileOf(id), description, memory, contentHash);
            if (files.Changed is not null)
            {
                upscaler.Dispose();
                throw new GraphException("its file was changed while it was loaded", GraphFault.Unavailable);
            }
            Loaded?.Invoke(id, Stopwatch.GetElapsedTime(started), null);
            return upscaler;
        }
        catch (Exception e) when (e is not ObjectDisposedException) // the pool goes: nobody failed
        {
            Loaded?.Invoke(id, Stopwatch.GetElapsedTime(started), e);
            throw;
        }
    }

    /// <summary>An id of nothing is not kept: the file may come, and any number of wrong names may be asked for.</summary>
    private static Task<Upscaler> None(string id) => Task.FromException<Upscaler>(new GraphException($"there is no upscaler '{id}'"));

    /// <summary>The description as the opened graph completed it.</summary>
    private UpscalerDescription Current(UpscalerDescription found) =>
        Array.Find(loads.Of(found.Id), load => load.Task.IsCompletedSuccessfully)?.Task.GetAwaiter().GetResult().Description ?? found;
}
