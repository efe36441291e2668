using System.Collections.Concurrent;
using System.Diagnostics;
using Darkroom.Models.Families;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Catalog;

/// <summary>
/// The models of the catalog, loaded when first asked for and kept. A model that could not be loaded stays failed with its reason until the
/// server starts anew.
/// </summary>
public sealed class ModelPool(
    ModelCatalog catalog, ModelHash hash, IReadOnlyList<IModelFamily> families, SessionSettings settings, string? defaultModel)
    : IModelDirectory, IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Task<IDiffusionModel>>> loads = new();

    /// <summary>Raised after a load: the model's id, how long it took and why it failed, if it did.</summary>
    public event Action<string, TimeSpan, Exception?>? Loaded;

    public IReadOnlyList<ModelDescription> All => [.. catalog.All.Select(Current)];

    public ModelDescription? Default => catalog.DefaultModel(defaultModel) is { } model ? Current(model) : null;

    public ModelDescription? Find(string id) => catalog.Find(id) is { } model ? Current(model) : null;

    public ModelStatus StatusOf(string id)
    {
        if (catalog.Find(id) is { Fault: { } fault })
            return new ModelStatus(ModelState.Failed, fault);
        if (!loads.TryGetValue(id, out var load))
            return new ModelStatus(ModelState.Cold);
        if (!load.Value.IsCompleted)
            return new ModelStatus(ModelState.Loading);
        return load.Value.IsCompletedSuccessfully
            ? new ModelStatus(ModelState.Ready, null, load.Value.GetAwaiter().GetResult().ContentHash)
            : new ModelStatus(ModelState.Failed, Reason(load.Value.Exception!.InnerException!));
    }

    /// <summary>The loaded model; the first call for an id starts the load.</summary>
    /// <exception cref="GraphException">Through the task: the model is unknown, or cannot be used.</exception>
    public Task<IDiffusionModel> GetAsync(string id) =>
        loads.GetOrAdd(id, key => new Lazy<Task<IDiffusionModel>>(() => Task.Run(() => Load(key)))).Value;

    public void Dispose()
    {
        foreach (var load in loads.Values)
            if (load.IsValueCreated && load.Value.IsCompletedSuccessfully)
                load.Value.GetAwaiter().GetResult().Dispose();
    }

    private IDiffusionModel Load(string id)
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
            var model = family.Load(folder, description, hash.Of(folder), settings);
            Loaded?.Invoke(id, Stopwatch.GetElapsedTime(started), null);
            return model;
        }
        catch (Exception e)
        {
            Loaded?.Invoke(id, Stopwatch.GetElapsedTime(started), e);
            throw;
        }
    }

    /// <summary>The description as the opened graphs completed it.</summary>
    private ModelDescription Current(ModelDescription model) =>
        loads.TryGetValue(model.Id, out var load) && load.Value.IsCompletedSuccessfully ? load.Value.GetAwaiter().GetResult().Description : model;

    private static string Reason(Exception e) => e is GraphException ? e.Message : $"unexpected: {e.GetType().Name}";
}
