using System.Collections.Concurrent;
using System.Diagnostics;
using Darkroom.Models.Catalog;
using Darkroom.Models.Families;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Pool;

/// <summary>
/// The models of the catalog on the server's devices, each opened on a device when it is first asked for there, and known from then on; which of its parts
/// are in memory is the device's matter. A model that could not be opened stays failed with its reason until the server starts again.
/// </summary>
public sealed class ModelPool : IModelDirectory, IDisposable, IAsyncDisposable
{
    private readonly ModelCatalog catalog;
    private readonly ModelHash hash;
    private readonly IReadOnlyList<IModelFamily> families;
    private readonly string? defaultModel;
    private readonly ConcurrentDictionary<(string Id, int Device), Lazy<Task<IDiffusionModel>>> loads = new();
    private volatile bool disposed;

    /// <param name="catalog">The models there are.</param>
    /// <param name="hash">Their contents.</param>
    /// <param name="families">Kinds of models that can be opened.</param>
    /// <param name="devices">Where they run; shared with the pool of upscalers, and closed with the first of both that goes.</param>
    /// <param name="defaultModel">The id that requests without one get; null: the catalog's choice.</param>
    public ModelPool(ModelCatalog catalog, ModelHash hash, IReadOnlyList<IModelFamily> families, IReadOnlyList<DeviceMemory> devices, string? defaultModel)
    {
        ArgumentNullException.ThrowIfNull(devices);
        ArgumentOutOfRangeException.ThrowIfZero(devices.Count, nameof(devices));
        (this.catalog, this.hash, this.families, Devices, this.defaultModel) = (catalog, hash, families, devices, defaultModel);
    }

    /// <summary>A pool with one device and no budget: for commands and tests.</summary>
    public ModelPool(ModelCatalog catalog, ModelHash hash, IReadOnlyList<IModelFamily> families, SessionSettings settings, string? defaultModel)
        : this(catalog, hash, families, [DeviceMemory.Of(settings)], defaultModel) { }

    /// <summary>Raised after a first load: the model's id, how long it took and why it failed, if it did.</summary>
    public event Action<string, TimeSpan, Exception?>? Loaded;

    public IReadOnlyList<DeviceMemory> Devices { get; }

    public IReadOnlyList<ModelDescription> All => [.. catalog.All.Select(Current)];

    public ModelDescription? Default => catalog.DefaultModel(defaultModel) is { } model ? Current(model) : null;

    public ModelDescription? Find(string id) => catalog.Find(id) is { } model ? Current(model) : null;

    /// <summary>The best that a device has to say: ready on one is ready.</summary>
    public ModelStatus StatusOf(string id)
    {
        if (catalog.Find(id) is { Fault: { } fault })
            return new ModelStatus(ModelState.Failed, fault);
        var here = LoadsOf(id).ToArray();
        var ready = here.Where(load => load.IsCompletedSuccessfully).Select(load => load.GetAwaiter().GetResult()).ToArray();
        if (ready.Length > 0)
            return new ModelStatus(ModelState.Ready, null, ready[0].ContentHash) { ResidentBytes = ready.Sum(ResidentBytes) };
        if (here.Length == 0)
            return new ModelStatus(ModelState.Cold);
        return Array.Exists(here, load => !load.IsCompleted)
            ? new ModelStatus(ModelState.Loading)
            : new ModelStatus(ModelState.Failed, Reason(here[0].Exception!.InnerException!));
    }

    /// <summary>The opened model; the first call for an id on a device starts that.</summary>
    /// <param name="id">The model's id.</param>
    /// <param name="device">Index into <see cref="Devices"/>.</param>
    /// <exception cref="GraphException">Through the task: the model is unknown, or cannot be used.</exception>
    public Task<IDiffusionModel> GetAsync(string id, int device = 0)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var memory = Devices[device];
        return loads.GetOrAdd((id, device), key => new Lazy<Task<IDiffusionModel>>(() => Task.Run(() => LoadAsync(key.Id, memory)))).Value;
    }

    /// <summary>As <see cref="DisposeAsync"/>, waiting on this thread.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>
    /// Begins no load any more, waits some seconds at most for loads and calls that are under way, and lets all go. A load that takes longer lets go when
    /// it is done.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (disposed) return;
        disposed = true;
        Task<IDiffusionModel>[] all = [.. loads.Values.Where(load => load.IsValueCreated).Select(load => load.Value)];
        await PoolEnd.WaitAsync(Devices, all).ConfigureAwait(false);
        foreach (var load in all) PoolEnd.LetGo(load);
    }

    private async Task<IDiffusionModel> LoadAsync(string id, DeviceMemory memory)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            var description = catalog.Find(id) ?? throw new GraphException($"there is no model '{id}'");
            if (description.Fault is { } fault)
                throw new GraphException(fault);
            var family = families.FirstOrDefault(one => one.Name == description.Family)
                ?? throw new GraphException($"family '{description.Family}' is not supported");
            string folder = catalog.FolderOf(id)!;
            var model = await family.LoadAsync(folder, description, hash.Of(folder), memory);
            Loaded?.Invoke(id, Stopwatch.GetElapsedTime(started), null);
            return model;
        }
        catch (Exception e) when (e is not ObjectDisposedException) // the pool goes: nobody failed
        {
            Loaded?.Invoke(id, Stopwatch.GetElapsedTime(started), e);
            throw;
        }
    }

    private IEnumerable<Task<IDiffusionModel>> LoadsOf(string id)
    {
        for (int device = 0; device < Devices.Count; device++)
            if (loads.TryGetValue((id, device), out var load)) yield return load.Value;
    }

    /// <summary>The description as the opened graphs completed it.</summary>
    private ModelDescription Current(ModelDescription model) =>
        LoadsOf(model.Id).FirstOrDefault(load => load.IsCompletedSuccessfully)?.GetAwaiter().GetResult().Description ?? model;

    private static long ResidentBytes(IDiffusionModel model) => model.Parts.Where(part => part.IsResident).Sum(part => part.Bytes);

    private static string Reason(Exception e) => e is GraphException ? e.Message : $"unexpected: {e.GetType().Name}";
}
