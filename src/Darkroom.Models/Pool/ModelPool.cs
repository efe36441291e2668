using System.Diagnostics;
using Darkroom.Models.Catalog;
using Darkroom.Models.Checkpoints.Loras;
using Darkroom.Models.Families;
using Darkroom.Models.Files;
using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Observing;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;

namespace Darkroom.Models.Pool;

/// <summary>
/// The models of the catalog on the server's devices, each opened on a device when it is first asked for there, and known from then on; which of its parts
/// are in memory is the device's matter. A model that could not be opened stays failed with its reason until its files change or, where the reason may pass, it
/// is asked for after a while. Description, content hash and sessions are of the same files: where those are changed on disk the model is opened again.
/// </summary>
public sealed class ModelPool : IModelDirectory, IDisposable, IAsyncDisposable
{
    private readonly ModelCatalog catalog;
    private readonly ModelHash hash;
    private readonly IReadOnlyList<IModelFamily> families;
    private readonly string? defaultModel;
    private readonly LoadTable<IDiffusionModel> loads;
    private readonly FaultyFolders faulty;
    private readonly LookLimit unknown;

    /// <param name="catalog">The models there are.</param>
    /// <param name="hash">Their contents.</param>
    /// <param name="families">Kinds of models that can be opened.</param>
    /// <param name="devices">Where they run; shared with the pool of upscalers, and closed with the first of both that goes.</param>
    /// <param name="defaultModel">The id that requests without one get; null: the catalog's choice.</param>
    /// <param name="time">When files are looked at and loads tried again; null: the system's.</param>
    public ModelPool(
        ModelCatalog catalog, ModelHash hash, IReadOnlyList<IModelFamily> families, IReadOnlyList<DeviceMemory> devices, string? defaultModel,
        TimeProvider? time = null)
    {
        (loads, faulty, unknown) = (new(time ?? TimeProvider.System), new(catalog, time ?? TimeProvider.System), new(time ?? TimeProvider.System));
        ArgumentNullException.ThrowIfNull(devices);
        ArgumentOutOfRangeException.ThrowIfZero(devices.Count, nameof(devices));
        (this.catalog, this.hash, this.families, Devices, this.defaultModel) = (catalog, hash, families, devices, defaultModel);
    }

    /// <summary>A pool with one device and no budget: for commands and tests.</summary>
    public ModelPool(ModelCatalog catalog, ModelHash hash, IReadOnlyList<IModelFamily> families, SessionSettings settings, string? defaultModel)
        : this(catalog, hash, families, [DeviceMemory.Of(settings)], defaultModel) { }

    /// <summary>Raised after a load: the model's id, how long it took and why it failed, if it did.</summary>
    public event Action<string, TimeSpan, Exception?>? Loaded;

    public IReadOnlyList<DeviceMemory> Devices { get; }

    public IReadOnlyList<ModelDescription> All => [.. catalog.All.Select(Current)];

    public ModelDescription? Default => catalog.DefaultModel(defaultModel) is { } model ? Current(faulty.Again(model)) : null;

    public ModelDescription? Find(string id)
    {
        var model = catalog.Find(id);
        if (model is null)
        {
            unknown.Look(() => LookAgain());
            model = catalog.Find(id);
        }
        return model is null ? null : Current(faulty.Again(model));
    }

    /// <summary>The best that a device has to say: ready on one is ready.</summary>
    public ModelStatus StatusOf(string id)
    {
        if (catalog.Find(id) is { Fault: { } fault })
            return new ModelStatus(ModelState.Failed, fault);
        var here = loads.Of(id);
        var ready = here.Select(load => load.Task).Where(load => load.IsCompletedSuccessfully).Select(load => load.GetAwaiter().GetResult()).ToArray();
        if (ready.Length > 0)
            return new ModelStatus(ModelState.Ready, null, ready[0].ContentHash) { ResidentBytes = ready.Sum(ResidentBytes) };
        if (here.Length == 0)
            return new ModelStatus(ModelState.Cold) { IsUnloaded = loads.IsRemoved(id) };
        // A load can end between two looks at it, so what is not seen to have failed is still loading.
        return Array.TrueForAll(here, load => load.Task.IsFaulted)
            ? new ModelStatus(ModelState.Failed, LoadFailure.ReasonOf(here[0].Task.Exception!.InnerException!))
            {
                IsTriedAgain = Array.Exists(here, loads.IsDue),
            }
            : new ModelStatus(ModelState.Loading);
    }

    /// <summary>The longest of some texts as each text encoder of a model reads them. A model is never opened for it.</summary>
    /// <param name="id">The model's id.</param>
    /// <param name="texts">At least one.</param>
    /// <param name="reading">How they are read.</param>
    /// <returns>One for each encoder, in the model's order; null where the model is not open.</returns>
    public IReadOnlyList<TextMeasure>? MeasureLongest(string id, IEnumerable<string> texts, TextReading reading) =>
        Array.Find(loads.Of(id), load => load.Task.IsCompletedSuccessfully) is { } load
            ? TextMeasures.OfLongest(load.Task.GetAwaiter().GetResult(), texts, reading)
            : null;

    /// <summary>The opened model; the first call for an id on a device starts that. For long work see <see cref="Use"/>.</summary>
    /// <param name="id">The model's id.</param>
    /// <param name="device">Index into <see cref="Devices"/>.</param>
    /// <exception cref="GraphException">Through the task: the model is unknown, or cannot be used.</exception>
    public Task<IDiffusionModel> GetAsync(string id, int device = 0)
    {
        loads.ThrowIfClosed();
        var memory = Devices[device];
        return catalog.FolderOf(id) is null ? None(id) : loads.Get(id, device, note => LoadAsync(id, memory, note), use: false).Task;
    }

    /// <summary>The same, as it is now until the use ends, whatever becomes of its files.</summary>
    public PoolUse<IDiffusionModel> Use(string id, int device)
    {
        loads.ThrowIfClosed();
        var memory = Devices[device];
        if (catalog.FolderOf(id) is null) return new PoolUse<IDiffusionModel>(None(id), static () => { });
        var load = loads.Get(id, device, note => LoadAsync(id, memory, note), use: true);
        return new PoolUse<IDiffusionModel>(load.Task, () => loads.End(load));
    }

    /// <summary>The same with LoRAs merged in, with pictures that wrap round, or observed.</summary>
    /// <param name="id">The model's id.</param>
    /// <param name="loras">Finds them, in the order in which they are merged; beside the caller's thread.</param>
    /// <param name="device">Index into <see cref="Devices"/>.</param>
    /// <param name="axes">Along which its pictures wrap round.</param>
    /// <param name="observed">What its denoiser gives beside its answer; null: nothing.</param>
    public PoolUse<IDiffusionModel> UseWith(
        string id, Func<IReadOnlyList<LoraChoice>> loras, int device, WrapAxes axes = WrapAxes.None, Observation? observed = null)
    {
        var whole = Use(id, device);
        var variant = Task.Run(async () => (await whole.Loaded.ConfigureAwait(false)).With(loras(), axes, observed));
        return new PoolUse<IDiffusionModel>(ModelOf(variant), () => variant.ContinueWith(
            made =>
            {
                if (made.IsCompletedSuccessfully) made.GetAwaiter().GetResult().Dispose();
                whole.Dispose();
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default));

        static async Task<IDiffusionModel> ModelOf(Task<ModelVariant> variant) => (await variant.ConfigureAwait(false)).Model;
    }

    /// <summary>Brings all parts of a model into a device's memory, in the line of all who need room there. Where others need it they leave again.</summary>
    /// <param name="id">The model's id.</param>
    /// <param name="device">Index into <see cref="Devices"/>.</param>
    /// <exception cref="GraphException">It cannot be used, or its parts have no room there together; <see cref="GraphFault.OverBudget"/> then.</exception>
    public async Task HoldAsync(string id, int device, CancellationToken cancellation)
    {
        using var use = Use(id, device);
        var model = await LoadedAsync(use, cancellation).ConfigureAwait(false);
        var spec = Devices[device].Spec;
        if (model.Parts.Sum(part => part.Bytes) is var all && all > spec.BudgetBytes)
            throw new GraphException(
                $"its parts have {all} bytes of weights together, and device {device} has room for {spec.BudgetBytes}", GraphFault.OverBudget);
        foreach (var part in model.Parts)
            using (await part.HoldAsync(cancellation).ConfigureAwait(false)) { }
    }

    /// <summary>Has a model leave all devices: what nobody works with at once, the rest with the last row that does. Any number of times.</summary>
    /// <returns>Whether somebody works with it still.</returns>
    public bool Unload(string id)
    {
        bool isUsed = loads.Remove(id);
        NativeHeap.GiveBack();
        return isUsed;
    }

    /// <summary>
    /// Looks whether models were added to the disk, taken away or replaced. What is gone leaves the devices with the last row that works with it.
    /// </summary>
    /// <returns>Whether anything changed.</returns>
    public bool LookAgain()
    {
        var (left, changed) = catalog.LookAgain();
        foreach (string id in left) Unload(id);
        return changed;
    }

    /// <summary>As <see cref="DisposeAsync"/>, waiting on this thread.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>
    /// Begins no load any more, waits some seconds at most for loads and calls that are under way, and lets all go. A load that takes longer lets go when
    /// it is done.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (loads.Close() is not { } all) return;
        await PoolEnd.WaitAsync(Devices, all).ConfigureAwait(false);
        foreach (var load in all) PoolEnd.LetGo(load);
    }

    /// <summary>What else a load may fail of is told as all that a model may fail of.</summary>
    private static async Task<IDiffusionModel> LoadedAsync(PoolUse<IDiffusionModel> use, CancellationToken cancellation)
    {
        try
        {
            return await use.Loaded.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (GraphException or ObjectDisposedException or OperationCanceledException))
        {
            throw new GraphException(LoadFailure.ReasonOf(e), e is OutOfMemoryException ? GraphFault.OutOfMemory : GraphFault.Unavailable, e);
        }
    }

    private async Task<IDiffusionModel> LoadAsync(string id, DeviceMemory memory, Action<FileStamps> note)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            string folder = catalog.FolderOf(id)!;
            var files = FileStamps.Of(ModelFiles.Watched(folder));
            note(files);
            var description = catalog.Refresh(id)!;
            if (description.Fault is { } fault)
                throw new GraphException(fault);
            var family = families.FirstOrDefault(one => one.Name == description.Family)
                ?? throw new GraphException($"family '{description.Family}' is not supported");
            var model = await family.LoadAsync(folder, description, hash.Of(folder), memory);
            if (files.Changed is not null)
            {
                model.Dispose();
                throw new GraphException("its files were changed while it was loaded", GraphFault.Unavailable);
            }
            Loaded?.Invoke(id, Stopwatch.GetElapsedTime(started), null);
            return model;
        }
        catch (Exception e) when (e is not ObjectDisposedException) // the pool goes: nobody failed
        {
            Loaded?.Invoke(id, Stopwatch.GetElapsedTime(started), e);
            throw;
        }
    }

    /// <summary>An id of nothing is not kept: any number of wrong names may be asked for.</summary>
    private static Task<IDiffusionModel> None(string id) => Task.FromException<IDiffusionModel>(new GraphException($"there is no model '{id}'"));

    /// <summary>The description as the opened graphs completed it.</summary>
    private ModelDescription Current(ModelDescription model) =>
        Array.Find(loads.Of(model.Id), load => load.Task.IsCompletedSuccessfully)?.Task.GetAwaiter().GetResult().Description ?? model;

    private static long ResidentBytes(IDiffusionModel model) => model.Parts.Where(part => part.IsResident).Sum(part => part.Bytes);
}
